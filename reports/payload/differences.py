"""What differs between two contents, by outcome, worked out from the two payloads alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]


@dataclass(frozen=True)
class TextChange:
    """A text that is another one now; empty before where it is new, empty now where it is gone."""

    part: str
    before: str
    now: str

    @property
    def words(self) -> str:
        """Say in words what happened: "the summary changed"."""
        verb = "is new" if not self.before else "is gone" if not self.now else "changed"
        return f"{self.part} {verb}"


@dataclass(frozen=True)
class Difference:
    """What differs under one heading of the report: `grade` in words where the grade is another one, and the texts."""

    label: str
    grade: str = ""
    texts: list[TextChange] = field(default_factory=list)


def differences(before: Data, now: Data) -> list[Difference]:
    """Give what differs between two contents: the front of the report first, then outcomes in their order."""
    found = []
    front = _changes(_front(before), _front(now))
    if front:
        found.append(Difference("The front of the report", texts=front))
    old, new = _outcomes(before), _outcomes(now)
    for key in [*new, *(key for key in old if key not in new)]:
        label = f"Outcome {' '.join(key)}".strip()
        was, is_ = old.get(key), new.get(key)
        if was is None or is_ is None:
            found.append(
                Difference(label, "It is new in the report." if was is None else "It is no longer in the report.")
            )
            continue
        grade = _grade_words(was, is_)
        texts = _changes(_parts(was), _parts(is_))
        if grade or texts:
            found.append(Difference(label, grade, texts))
    return found


def _outcomes(content: Data) -> dict[tuple[str, str], Data]:
    return {(outcome["code"], outcome["service"]): outcome for goal in content["goals"] for outcome in goal["outcomes"]}


def _grade(outcome: Data) -> str:
    if outcome["scope"] != "in_scope":
        return "not graded this year"
    return outcome["local"]["grade"]["name"] if outcome["local"] else "not graded by local interests"


def _grade_words(was: Data, is_: Data) -> str:
    before, now = _grade(was), _grade(is_)
    return f"The grade is {now}; it was {before}." if before != now else ""


def _changes(before: dict[str, str], now: dict[str, str]) -> list[TextChange]:
    parts = [*now, *(part for part in before if part not in now)]
    return [
        TextChange(part, before.get(part, ""), now.get(part, ""))
        for part in parts
        if before.get(part, "") != now.get(part, "")
    ]


def _front(content: Data) -> dict[str, str]:
    details = content.get("details") or {}
    names = {
        "method_note": "the note on the method",
        "involvement": "the involvement of local people",
        "good_practice": "good practice",
        "other_text": "the text at the front",
        "level": "the level",
        "lead": "who led it",
        "sponsor": "the board sponsor",
        "completed_on": "the date on which grading was completed",
        "revise_on": "the date by which it is looked at again",
    }
    parts = {words: str(details.get(name, "")) for name, words in names.items()}
    parts["the bodies in it"] = "; ".join(details.get("bodies", []))
    for event in content.get("engagement", []):
        parts[f"the event “{event['name']}”"] = "\n".join(str(value) for value in event.values())
    for step in content.get("approval", []):
        parts[f"the step “{step['body']}, {step['on']}”"] = "\n".join(str(value) for value in step.values())
    for line in content.get("plan", []):
        place = f"{line['code']} {line['service']}".strip()
        what = f"the action “{line['action']}”" if line["action"] else f"the objective “{line['objective']}”"
        parts[f"{what} under {place}"] = "\n".join(str(value) for value in line.values())
    for line in content.get("completed", []):
        parts[f"the completed action “{line['action']}”"] = "\n".join(str(value) for value in line.values())
    overall = content.get("overall")
    parts["the total"] = f"{overall['points']} of {overall['maximum']}" if overall else ""
    return parts


def _parts(outcome: Data) -> dict[str, str]:
    parts = {
        "the official text": outcome["text"],
        "the wording then published": outcome.get("wording_then", ""),
        "the lead contacts": "; ".join(outcome.get("contacts", [])),
        "the summary": outcome["summary"],
        "why it was not graded": outcome["scope_reason"] or outcome["not_graded_reason"],
    }
    for item in outcome["evidence"]:
        parts[f"the evidence “{item['title']}”"] = "\n".join(str(value) for value in item.values())
    proposal = outcome["proposal"]
    if proposal:
        parts["the organisation's proposal"] = proposal["grade"]["name"]
        parts["the organisation's conclusion"] = proposal["conclusion"]
        parts["what the organisation was asked"] = "\n".join(_answers(proposal))
        for reason in proposal["reasons"]:
            parts[f"the reason under “{reason['heading']}”"] = reason["text"]
    for row in outcome["panels"]:
        grade = row["grade"]["name"] if row["grade"] else "Not graded"
        parts[f"the grade and reasons of {row['panel']}"] = f"{grade}\n{row['reason']}"
        comments = [each["text"] for each in row.get("comments", [])]
        said = [row.get("why_not_median", ""), row.get("summary", ""), *comments, *row.get("dissents", [])]
        parts[f"what else is said of {row['panel']}"] = "\n".join([*filter(None, said), *_answers(row)])
    joint = (outcome["local"] or {}).get("joint")
    parts["the joint grade"] = f"{joint['written_by']}\n{joint['reason']}" if joint else ""
    for said in outcome["statements"]:
        parts[f"the statement of {said['by']}"] = said["text"]
    return parts


def _answers(of: Data) -> list[str]:
    return [f"{each['heading']}\n{each['answer']}" for each in of.get("questions", [])]

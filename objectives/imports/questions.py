"""What a file leaves open, asked one by one; and the plan that the answers make of it. Pure functions.

Nothing is guessed where the text does not say: a suggestion is offered, and a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from eds.ui.text import shortened
from objectives.months import Month, read_month

from .cells import kind_of
from .dates import Due
from .rows import PlanRow, Rows

ALIKE = 0.88
"""How alike two owners' names must be to be asked about, such as "Manger" and "Manager"."""
NONE, LEAVE_OUT, UNKNOWN, DIFFERENT = "none", "leave-out", "unknown", "different"

_QUOTE = 120
_LEAVE = (LEAVE_OUT, "None of these: leave it out")

Answers = Mapping[str, list[str]]
"""The values chosen, by the question's key."""


@dataclass(frozen=True)
class Question:
    """Something that the file does not say. `several`: more than one choice; `typed`: a month may be typed instead."""

    key: str
    place: str
    words: str
    quote: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    suggested: tuple[str, ...] = ()
    several: bool = False
    typed: bool = False


@dataclass(frozen=True)
class NewAction:
    """An action as it will be written. `objective` is its objective's key, or "" for none."""

    key: str
    text: str
    objective: str
    owners: tuple[tuple[str, str], ...]
    """Kind and name of each."""
    due: Month | None
    due_words: str
    measure: str = ""
    status: str = ""
    status_words: str = ""


@dataclass(frozen=True)
class NewPlan:
    """What will be written: by outcome's code, its objectives (key and text) and its actions."""

    objectives: dict[str, list[tuple[str, str]]]
    actions: dict[str, list[NewAction]]

    @property
    def counts(self) -> tuple[int, int]:
        """Give the numbers of objectives and of actions."""
        return sum(map(len, self.objectives.values())), sum(map(len, self.actions.values()))


def _place(row: PlanRow, code: str) -> str:
    return f"Outcome {code}" if code else f"Row {row.key.split('.')[1]} of table {row.key.split('.')[0]}"


def _outcome_key(row: PlanRow) -> str:
    return f"outcome-{row.key}"


def _codes(rows: Rows, answers: Answers) -> dict[str, str]:
    """Give each row's outcome, as read or as answered; LEAVE_OUT or "" among them."""
    return {row.key: row.outcome or (answers.get(_outcome_key(row)) or [""])[0] for row in rows.rows}


def questions_of(rows: Rows, outcomes: Mapping[str, str], answers: Answers) -> list[Question]:
    """Give every question that the file raises, answered or not, in the order of the file."""
    asked: list[Question] = []
    codes = _codes(rows, answers)
    above: list[tuple[str, str]] = []
    last = ""
    for row in rows.rows:
        code = codes[row.key]
        if not row.outcome:
            asked.append(
                Question(
                    key=_outcome_key(row),
                    place=_place(row, ""),
                    words="Which outcome is this about?",
                    quote=row.outcome_words or shortened((row.objectives or row.actions)[0].text, _QUOTE),
                    choices=(
                        *((each, f"{each} {text}") for each, text in outcomes.items()),
                        (LEAVE_OUT, "None of these: leave it out"),
                    ),
                )
            )
        if code == LEAVE_OUT:
            continue
        if code != last:
            above, last = [], code
        here = [(f"{row.key}-o{number}", item.text) for number, item in enumerate(row.objectives)]
        asked.extend(_row_questions(row, code, here, above))
        above = here or above
    asked.extend(_owner_questions(rows, answers))
    return asked


def _row_questions(
    row: PlanRow, code: str, here: list[tuple[str, str]], above: list[tuple[str, str]]
) -> Iterator[Question]:
    place = _place(row, code)
    objectives = here or above
    if here and not row.actions:
        for key, text in here:
            yield Question(
                key=f"bare-{key}",
                place=place,
                words="No action stands beside this objective. Is it an objective without an action so far?",
                quote=text,
                choices=(("objective", "Yes, it has no action yet"), ("action", "No, it is an action itself")),
            )
        return
    if here and len(here) != 1 and len(here) != len(row.actions):
        for number, action in enumerate(row.actions):
            yield Question(
                key=f"pair-{row.key}-{number}",
                place=place,
                words=f"{len(here)} objectives stand beside {_counted(len(row.actions), 'action')}. "
                "Which objective is this action for?",
                quote=action.text,
                choices=(*((key, text) for key, text in here), (NONE, "None of these")),
                suggested=(here[_nearest(row, number)][0],),
            )
    elif not here and above and not row.same_objective:
        for number, action in enumerate(row.actions):
            yield Question(
                key=f"pair-{row.key}-{number}",
                place=place,
                words="No objective stands beside this action. Is it for one that stands above?",
                quote=action.text,
                choices=(*((key, text) for key, text in objectives), (NONE, "For none of these")),
                suggested=(above[-1][0],) if len(above) == 1 else (),
            )
    yield from _who_questions(row, place)


def _nearest(row: PlanRow, number: int) -> int:
    """Give the objective that stands beside an action, by how far down in its cell each begins."""
    heights = [item.height for item in row.objectives]
    at = row.actions[number].height
    return max((place for place, height in enumerate(heights) if height <= at + 0.05), default=0)


def _who_questions(row: PlanRow, place: str) -> Iterator[Question]:
    who = row.who
    one_each = _one_each(row)
    dates = _dates(row)
    for number, action in enumerate(row.actions):
        if len(dates) > 1 and one_each is None:
            yield Question(
                key=f"due-{row.key}-{number}",
                place=place,
                words="Several dates stand beside these actions. When is this one to be completed?",
                quote=action.text,
                choices=(*((str(index), due.words) for index, due in enumerate(dates)), (UNKNOWN, "It is not known")),
                suggested=(str(number),) if len(dates) == len(row.actions) else (),
            )
            if len(who.names) > 1 or (who.names and len(row.actions) > 1):
                yield Question(
                    key=f"who-{row.key}-{number}",
                    place=place,
                    words="Who does this?",
                    quote=action.text,
                    choices=(*((name, name) for name in who.names), (UNKNOWN, "It is not known")),
                    suggested=tuple(who.names) if len(who.names) == 1 else (),
                    several=True,
                )
        if not dates:
            words = f"“{who.unread[0]}” is no month that could be read." if who.unread else "No date stands beside it."
            yield Question(
                key=f"due-{row.key}-{number}",
                place=place,
                words=f"{words} When is it to be completed?",
                quote=action.text,
                choices=((UNKNOWN, "It is not known"),),
                typed=True,
            )
        if not who.names:
            yield Question(
                key=f"who-{row.key}-{number}",
                place=place,
                words="Nobody is named for this action. Is its owner not known yet?",
                quote=action.text,
                choices=((UNKNOWN, "It is not known yet"),),
            )


def _dates(row: PlanRow) -> list[Due]:
    """Give the different dates of a row."""
    return list(dict.fromkeys(due for _, due in row.who.dates))


def _one_each(row: PlanRow) -> list[tuple[list[str], Due]] | None:
    """Give who and when of each action where the cell itself says it: owners, date, owners, date, one pair an action."""
    parts: list[tuple[list[str], Due]] = []
    names: list[str] = []
    entries = sorted([(line, 0, name) for line, name in row.who.owners] + [(line, 1, due) for line, due in row.who.dates],
                     key=lambda entry: (entry[0], entry[1]))  # fmt: skip
    for _, _, entry in entries:
        if isinstance(entry, Due):
            if not names:
                return None
            parts.append((names, entry))
            names = []
        else:
            names.append(entry)
    complete = not names and len(parts) == len(row.actions) > 1
    # More than one owner before a date may belong to the action above it.
    return parts if complete and all(len(owners) == 1 for owners, _ in parts) else None


def _owner_questions(rows: Rows, answers: Answers) -> Iterator[Question]:
    names = sorted({name for row in rows.rows for name in row.who.names})
    for number, first in enumerate(names):
        for second in names[number + 1 :]:
            if not _alike(first, second):
                continue
            yield Question(
                key=f"same-{first}|{second}",
                place="Owners",
                words="These names are almost the same. Do they mean the same?",
                quote=f"{first} / {second}",
                choices=(
                    *((name, f"The same: write “{name}”") for name in (first, second)),
                    (DIFFERENT, "They are different"),
                ),
            )


def _alike(first: str, second: str) -> bool:
    one, two = (" ".join(name.lower().split()) for name in (first, second))
    return one == two or SequenceMatcher(None, one, two).ratio() >= ALIKE


def open_questions(questions: Iterable[Question], answers: Answers) -> list[Question]:
    """Give the questions that have no answer yet, or one that does not fit."""
    return [question for question in questions if not is_answered(question, answers)]


def is_answered(question: Question, answers: Answers) -> bool:
    """Say whether a question has an answer that fits it."""
    given = answers.get(question.key) or []
    values = {value for value, _ in question.choices}
    if not given or (len(given) > 1 and not question.several):
        return False
    if question.several and UNKNOWN in given and len(given) > 1:
        return False
    return all(value in values or (question.typed and read_month(value) is not None) for value in given)


def plan_of(rows: Rows, answers: Answers) -> NewPlan:
    """Make the plan, once no question is open: nothing of a row is merged with another or lost."""
    plan = NewPlan({}, {})
    codes = _codes(rows, answers)
    names = _names(answers)
    above: list[str] = []
    last = ""
    for row in rows.rows:
        code = codes[row.key]
        if code in {"", LEAVE_OUT}:
            continue
        if code != last:
            above, last = [], code
        objectives, actions = plan.objectives.setdefault(code, []), plan.actions.setdefault(code, [])
        here: list[str] = []
        for number, item in enumerate(row.objectives):
            key = f"{row.key}-o{number}"
            if answers.get(f"bare-{key}") == ["action"]:
                actions.append(replace(_new_action(row, -1, answers, names), key=key, text=item.text))
                continue
            objectives.append((key, item.text))
            here.append(key)
        for number, item in enumerate(row.actions):
            pair = _pair(row, number, here, above, answers)
            made = _new_action(row, number, answers, names)
            actions.append(replace(made, objective=pair, text=item.text))
        above = here or above
    return plan


def left_out(rows: Rows, answers: Answers) -> list[str]:
    """Give the words of rows that will not be written: rows left out, and who and when beside a bare objective."""
    codes = _codes(rows, answers)
    words: list[str] = []
    for row in rows.rows:
        if codes[row.key] == LEAVE_OUT:
            words += [item.text for item in (*row.objectives, *row.actions)]
        bare = row.objectives and not row.actions
        kept = any(answers.get(f"bare-{row.key}-o{number}") == ["action"] for number in range(len(row.objectives)))
        if codes[row.key] == LEAVE_OUT or (bare and not kept):
            words += [*row.who.names, *(due.words for due in _dates(row)), *row.who.unread]
            words += filter(None, [row.measure, row.status_words])
    return words


def _pair(row: PlanRow, number: int, here: list[str], above: list[str], answers: Answers) -> str:
    if given := answers.get(f"pair-{row.key}-{number}"):
        return "" if given[0] == NONE else given[0]
    if len(here) == 1:
        return here[0]
    if here:
        return here[number] if len(here) == len(row.actions) else ""
    return above[-1] if row.same_objective and above else ""


def _new_action(row: PlanRow, number: int, answers: Answers, names: Mapping[str, str]) -> NewAction:
    one_each, dates = _one_each(row), _dates(row)
    owners: list[str]
    if one_each is not None and number >= 0:
        owners, due = one_each[number][0], one_each[number][1]
    else:
        said = "; ".join([*(due.words for due in dates), *row.who.unread])
        owners, due = row.who.names, dates[0] if len(dates) == 1 else Due(None, said)
    if given := answers.get(f"who-{row.key}-{number}"):
        owners = [] if UNKNOWN in given else given
    if given := answers.get(f"due-{row.key}-{number}"):
        if given[0] == UNKNOWN:
            due = Due(None, due.words if not dates else "")
        elif dates:
            due = dates[int(given[0])]
        else:
            due = Due(read_month(given[0]), due.words)
    written = dict.fromkeys(names.get(owner, owner) for owner in owners)
    return NewAction(
        key=f"{row.key}-a{number}",
        text="",
        objective="",
        owners=tuple((kind_of(name), name) for name in written),
        due=due.month,
        due_words=due.words,
        measure=row.measure,
        status=row.status,
        status_words=row.status_words,
    )


def _names(answers: Answers) -> dict[str, str]:
    """Give the name that is written for each owner whose name was said to be another's."""
    chosen: dict[str, str] = {}
    for key, given in answers.items():
        if not key.startswith("same-") or given == [DIFFERENT]:
            continue
        first, second = key.removeprefix("same-").split("|", 1)
        chosen[second if given == [first] else first] = given[0]
    for name, other in list(chosen.items()):
        seen = {name}
        while other in chosen and other not in seen:
            seen.add(other)
            other = chosen[other]
        chosen[name] = other
    return chosen


def _counted(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"

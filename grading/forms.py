"""Forms for grades, reviews and statements."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms

from eds.frameworks.models import Factor, Grade
from eds.ui.forms import Form, GradeField, RadioField, TextField, VersionedForm, choice

from .domain import DissentAnswer, FactorReason
from .models import ProposedGrade, Review
from .queries import DissentRow
from .questions import Question

DECLINED = "declined"
LACK_OF_EVIDENCE = "lack_of_evidence"


class AskingForm(VersionedForm):
    """A form for a grade that comes back once with the questions that the grade raises, each with a field (R6).

    `ask` gives the questions for a chosen grade and what was typed; `earlier` are the answers kept with the last one.
    """

    def __init__(
        self,
        *args: Any,
        ask: Callable[[Grade, dict[str, Any]], list[Question]] | None = None,
        earlier: Sequence[dict[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._ask = ask
        self._questions: list[Question] = []
        for each in earlier:
            question = Question(each["question"], each["text"])
            self.fields[question.field] = TextField(label=question.text, rows=3, required=False, initial=each["answer"])

    def clean(self) -> dict[str, Any]:
        """Ask what the chosen grade leaves open."""
        data = super().clean() or {}
        chosen = data.get("grade")
        if self._ask is None or not isinstance(chosen, Grade):
            return data
        self._questions = self._ask(chosen, data)
        for question in self._questions:
            typed = str(self.data.get(question.field, "")).strip()
            self.fields[question.field] = TextField(
                label=question.text, rows=3, required=False, help_text="If you do not know, say so. The grade stands."
            )
            data[question.field] = typed
            if not typed:
                self.add_error(question.field, f"Answer this, or say that you do not know: {question.text}")
        return data

    def answers(self) -> dict[str, str]:
        """Give the answers by the questions' codes."""
        return {each.code: self.cleaned_data.get(each.field, "") for each in self._questions}


class ProposalForm(AskingForm):
    """The organisation's proposal: a grade, and its reasons by factor (R6)."""

    grade = GradeField(label="Which grade does the organisation propose?")
    conclusion = TextField(
        label="Conclusion", rows=3, required=False, help_text="In a sentence or two, why this grade."
    )
    extra_heading = forms.CharField(label="Another heading", max_length=80, required=False)
    extra_text = TextField(label="Reasons under that heading", rows=3, required=False)
    missing = {"grade": "Choose the grade that the organisation proposes"}

    def __init__(
        self, *args: Any, grades: Sequence[Grade], factors: Sequence[Factor], last: ProposedGrade | None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {}
        known = {factor.code for factor in factors}
        if last:
            initial = {"grade": last.grade.code, "conclusion": last.conclusion}
            for part in last.reasons:
                if part["factor"] in known or part["factor"] == "reasons":
                    initial[f"factor_{part['factor']}"] = part["text"]
                else:
                    initial |= {"extra_heading": part["heading"], "extra_text": part["text"]}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["grade"].grades = grades  # type: ignore[attr-defined]
        names = {grade.code: grade.name for grade in grades}
        if last:
            self.current_text = {**initial, "grade": names.get(last.grade.code, "")}
        self._headings = {f"factor_{factor.code}": (factor.code, factor.name) for factor in factors} or {
            "factor_reasons": ("reasons", "Reasons")
        }
        for name, (_, heading) in self._headings.items():
            self.fields[name] = TextField(
                label=heading, rows=4, required=False, help_text="" if len(self._headings) == 1 else "May stay empty."
            )
        self.current_text = {name: text for name, text in self.current_text.items() if name in self.fields}
        order = ["grade", *self._headings, "extra_heading", "extra_text", "conclusion"]
        if last:
            self.fields["reason"] = TextField(label="Why does the proposal change?", rows=3)
            order.append("reason")
        self.order_fields(order)

    def clean(self) -> dict[str, Any]:
        """Ask for a heading where there is a text without one."""
        data = super().clean() or {}
        if data.get("extra_text") and not data.get("extra_heading"):
            self.add_error("extra_heading", "Enter a heading for these reasons")
        if not any(data.get(name) for name in [*self._headings, "extra_text"]):
            self.add_error(next(iter(self._headings)), "Give the reasons for the grade under at least one heading")
        return data

    def given_factors(self, data: dict[str, Any]) -> set[str]:
        """Give the factors under which something was typed."""
        return {code for name, (code, _) in self._headings.items() if data.get(name)}

    def reasons(self) -> list[FactorReason]:
        """Give the typed reasons in order, the empty ones left out."""
        data = self.cleaned_data
        found = [
            FactorReason(code, heading, data[name]) for name, (code, heading) in self._headings.items() if data[name]
        ]
        if data["extra_text"]:
            found.append(FactorReason("", data["extra_heading"], data["extra_text"]))
        return found


class ReviewForm(AskingForm):
    """A reviewer's own grade. A draft may be unfinished; a submitted review may not."""

    grade = GradeField(label="Which grade would you give?")
    reason = TextField(
        label="Your reasons",
        rows=6,
        help_text="What in the evidence made you choose this? What is missing? A few sentences are enough. "
        "If five or more of your panel review this, your words are printed without your name. Name no person.",
    )
    missing = {
        "grade": "Choose a grade, or say that there is not enough evidence to judge",
        "reason": "Give your reasons",
    }

    def __init__(self, *args: Any, grades: Sequence[Grade], is_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["grade"]
        field.extra = [  # type: ignore[attr-defined]
            choice(Review.NOT_ENOUGH, "Not enough evidence to judge", "It counts as an answer, but not as a grade.")
        ]
        field.grades = grades  # type: ignore[attr-defined]
        if is_draft:
            for each in self.fields.values():
                each.required = False


class StepAsideForm(VersionedForm):
    """Stepping aside from an outcome, with the interest that is declared."""

    interest = TextField(
        label="Which interest do you declare?",
        rows=4,
        help_text="For example, that you or somebody close to you works in the service. Only your panel's chair and "
        "organiser read this, after reviewing has closed.",
    )
    missing = {"interest": "Say which interest you declare"}


class PanelGradeForm(AskingForm):
    """The panel's grade, recorded by its chair."""

    grade = GradeField(label="Which grade does the panel give?")
    reason = TextField(label="The panel's reasons", rows=6, help_text="These are published. Name no person.")
    missing = {"grade": "Choose the panel's grade", "reason": "Give the panel's reasons"}

    def __init__(
        self, *args: Any, grades: Sequence[Grade], too_few: bool, median: Grade | None = None, **kwargs: Any
    ) -> None:
        """`median` is given where the grade is the chair's to record and another one needs a reason (R5)."""
        super().__init__(*args, **kwargs)
        field = self.fields["grade"]
        extra = [choice(DECLINED, "Not graded", "The panel declines to grade this outcome.")]
        if too_few:
            extra.insert(0, choice(LACK_OF_EVIDENCE, "Undeveloped for lack of evidence"))
        field.extra = extra  # type: ignore[attr-defined]
        field.grades = [] if too_few else grades  # type: ignore[attr-defined]
        self.median = median
        if median is not None:
            self.fields["why_not_median"] = TextField(
                label="Why the panel's grade differs from the median",
                rows=3,
                required=False,
                help_text=f"Only where you record another grade than {median.name}. This is published. Name no person.",
            )

    def clean(self) -> dict[str, Any]:
        """Ask why the grade is another than the median."""
        data = super().clean() or {}
        chosen = data.get("grade")
        differs = self.median is not None and isinstance(chosen, Grade) and chosen != self.median
        if differs and not data.get("why_not_median"):
            self.add_error("why_not_median", "Say why the panel's grade differs from the median")
        return data


class DissentForm(Form):
    """What a member of a panel sees differently from the panel's grade."""

    text = TextField(
        label="What do you see differently?",
        rows=6,
        help_text="It is printed without your name, and cannot be changed. Name no person.",
    )
    missing = {"text": "Write what you see differently"}


PASS, KEEP_BACK = "pass", "keep_back"


class PanelWordsForm(VersionedForm):
    """What a chair passes on of the panel's comments: a summary in own words, and each dissent or not (R21)."""

    summary = TextField(
        label="What the panel's members said, in your words",
        rows=6,
        required=False,
        help_text="The organisation and the public read this. Write nothing that points to a person. May stay empty.",
    )

    def __init__(self, *args: Any, dissents: Sequence[DissentRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dissents = dissents
        for number, row in enumerate(dissents, start=1):
            decided = row.decision
            self.fields[f"pass_{row.dissent.public_id}"] = RadioField(
                label=f"Dissent {number}",
                help_text=row.dissent.reason,
                choices=[(PASS, "Pass it on as it stands"), (KEEP_BACK, "Keep it in the panel")],
                required=False,
                initial="" if decided is None else PASS if decided.passed else KEEP_BACK,
            )
            self.fields[f"why_{row.dissent.public_id}"] = TextField(
                label=f"Dissent {number}: why it stays in the panel",
                rows=2,
                required=False,
                initial=decided.reason if decided else "",
                help_text="Only where you keep it back. The panel's chair and organiser read this.",
            )

    def decisions(self) -> dict[str, DissentAnswer]:
        """Give what was decided, by the dissents' public ids; those left open are left out."""
        found = {}
        for row in self._dissents:
            key = row.dissent.public_id
            chosen = self.cleaned_data[f"pass_{key}"]
            if chosen:
                why = "" if chosen == PASS else self.cleaned_data[f"why_{key}"]
                found[key] = DissentAnswer(passed=chosen == PASS, reason=why)
        return found


class JointGradeForm(VersionedForm):
    """A joint grade of panels that differ, written by one of their chairs."""

    grade = GradeField(label="Which joint grade do you suggest?")
    reason = TextField(
        label="The reasons for the joint grade", rows=6, help_text="These are published. Name no person."
    )
    missing = {"grade": "Choose the joint grade", "reason": "Give the reasons for the joint grade"}

    def __init__(self, *args: Any, grades: Sequence[Grade], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grade"].grades = grades  # type: ignore[attr-defined]


CONFIRM, DECLINE = "confirm", "decline"


class JointAnswerForm(VersionedForm):
    """What another panel's chair says to a joint grade."""

    answer = RadioField(
        label="Does your panel stand behind this joint grade?",
        choices=[(CONFIRM, "Yes, I confirm it"), (DECLINE, "No, I do not confirm it")],
    )
    reason = TextField(
        label="Your words to the other chairs", rows=4, required=False, help_text="Needed where you do not confirm it."
    )
    missing = {"answer": "Say whether you confirm the joint grade"}

    def clean(self) -> dict[str, Any]:
        """Ask for words where the answer is no."""
        data = super().clean() or {}
        if data.get("answer") == DECLINE and not data.get("reason"):
            self.add_error("reason", "Say why you do not confirm the joint grade")
        return data


class StatementForm(VersionedForm):
    """One side's statement where the grades differ."""

    text = TextField(label="Statement", rows=6, help_text="It is published beside the other side's. Name no person.")
    missing = {"text": "Write the statement"}


class NotGradedForm(VersionedForm):
    """Why no local interest graded an outcome."""

    reason = TextField(
        label="Why is the outcome not graded by local interests?", rows=4, help_text="This is published."
    )

"""Checks of evidence and reasons: what a grade rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports.payload import schema

from .registry import Finding, Kind, check
from .subject import Subject

_LOW = 2
_ABOUT_PATIENTS = re.compile(
    r"\b(patients?|service users?|access|experiences?|safety|safe|health outcomes|complaints?)\b", re.IGNORECASE
)


def _label(outcome: schema.OutcomeReport) -> str:
    return f"{outcome.code} {outcome.service}".strip()


@check(
    "evidence.none",
    Kind.ASK,
    "A graded outcome without evidence that is published",
    "Say what the grade rests on, or share an item with everybody.",
)
def evidence_none(subject: Subject) -> Iterator[Finding]:
    """A grade stands there, and no evidence under it."""
    for _, outcome in subject.outcomes:
        grade = subject.printed_grade(outcome)
        if grade and not outcome.evidence:
            label = _label(outcome)
            says = f"It is {grade.name}, and the report shows no evidence for it."
            yield Finding(label, f"Outcome {label}", subject.url(outcome), says, f"{label} {grade.code}")


@check(
    "evidence.source",
    Kind.ASK,
    "Evidence without source or period",
    "Say where it comes from and which time it covers. A correction of the item is shown from the next round on.",
)
def evidence_source(subject: Subject) -> Iterator[Finding]:
    """Each published item says where it comes from and which period it covers; one that serves many outcomes asks once."""
    places: dict[tuple[str, str, str, str], list[schema.OutcomeReport]] = {}
    for _, outcome in subject.outcomes:
        for item in outcome.evidence:
            if not item.source.strip() or not item.period.strip():
                places.setdefault((item.title, item.text, item.source, item.period), []).append(outcome)
    for (title, text, source, period), outcomes in places.items():
        lacks = " and ".join(word for word, value in (("source", source), ("period", period)) if not value.strip())
        labels = ", ".join(_label(each) for each in outcomes)
        yield Finding(
            f"{title}\n{text}",
            f"“{title}”, under {labels}",
            subject.url(outcomes[0]),
            f"It has no {lacks}.",
            f"{title}\n{text}\n{source}\n{period}",
        )


@check(
    "figure.source",
    Kind.ASK,
    "A figure without source or period",
    "Say where its numbers come from and which time they cover. A correction of the item is shown from the next round on.",
)
def figure_source(subject: Subject) -> Iterator[Finding]:
    """Each printed figure says where it comes from and which period it covers; one under many outcomes asks once (R14)."""
    places: dict[str, tuple[schema.FigureReport, list[schema.OutcomeReport]]] = {}
    for _, outcome in subject.outcomes:
        for item in outcome.evidence:
            for figure in item.figures:
                if not figure.source.strip() or not figure.period.strip():
                    places.setdefault(repr((item.title, figure)), (figure, []))[1].append(outcome)
    for key, (figure, outcomes) in places.items():
        found = (("source", figure.source), ("period", figure.period))
        lacks = " and ".join(word for word, value in found if not value.strip())
        labels = ", ".join(_label(each) for each in outcomes)
        yield Finding(
            key, f"The figure “{figure.title}”, under {labels}", subject.url(outcomes[0]), f"It has no {lacks}.", key
        )


@check(
    "story.consent",
    Kind.ASK,
    "Somebody's story without consent",
    "It is not printed. Say that this is right, or write down the person's consent on the page of the evidence.",
)
def story_consent(subject: Subject) -> Iterator[Finding]:
    """A story is cited and shared with everybody, and nobody's consent for that holds (R16): it stays inside."""
    places: dict[str, list[tuple[str, str]]] = {}
    for key, title in subject.stories:
        places.setdefault(title, []).append(key)
    for title, keys in places.items():
        labels = ", ".join(" ".join(key).strip() for key in keys)
        says = "It tells somebody's story and is shared with everybody, and there is no consent for that."
        yield Finding(f"{title} {labels}", f"“{title}”, under {labels}", subject.urls.get(keys[0], ""), says, says)


@check(
    "factor.missing",
    Kind.ASK,
    "Reasons that leave out a factor of the edition",
    "Say why nothing is said under it. No evidence or no engagement means Undeveloped.",
)
def factor_missing(subject: Subject) -> Iterator[Finding]:
    """The organisation's reasons say something under each factor (R6)."""
    for _, outcome in subject.outcomes:
        missing = subject.missing_factors.get((outcome.code, outcome.service), [])
        if missing:
            label = _label(outcome)
            says = f"Nothing is said under {', '.join(missing)}."
            yield Finding(label, f"Outcome {label}, reasons", subject.url(outcome), says, f"{label} {missing}")


@check(
    "low.reason",
    Kind.ASK,
    "A low grade without an action or a reason",
    "Say why it is so low, and what is done about it.",
)
def low_reason(subject: Subject) -> Iterator[Finding]:
    """The two lowest grades say why."""
    low = {grade.code for grade in subject.content.grades[:_LOW]}
    for _, outcome in subject.outcomes:
        grade = subject.printed_grade(outcome)
        if grade is None or grade.code not in low:
            continue
        reasons = [row.reason for row in outcome.panels if row.grade] if outcome.local else []
        if outcome.proposal:
            reasons += [reason.text for reason in outcome.proposal.reasons]
        if not any(reason.strip() for reason in reasons):
            label = _label(outcome)
            says = f"It is {grade.name}, and no reason is given."
            yield Finding(label, f"Outcome {label}", subject.url(outcome), says, f"{label} {grade.code}")


@check(
    "concern.cqc",
    Kind.ASK,
    "Low grades on patients' access, experience or safety",
    "Say whether a concern behind them was raised with the Care Quality Commission, when, or why not.",
)
def concern_cqc(subject: Subject) -> Iterator[Finding]:
    """One question a report: was what lies behind low grades about patients raised with the regulator or not?"""
    low = {grade.code for grade in subject.content.grades[:_LOW]}
    found = []
    for goal, outcome in subject.outcomes:
        grade = subject.printed_grade(outcome)
        if grade and grade.code in low and _ABOUT_PATIENTS.search(f"{goal.title} {outcome.text}"):
            found.append(f"{_label(outcome)} ({grade.name})")
    if found:
        says = f"These may stand for a concern: {', '.join(found)}. It is not printed what you answer."
        yield Finding("cqc", "The whole report", subject.sign_off_url, says, " ".join(found))

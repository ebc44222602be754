"""Checks of totals, ratings, recorded grades and the signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from grading import scoring
from reports.payload import schema

from .registry import Finding, Kind, check
from .subject import Subject, Text


@check(
    "grade.recorded",
    Kind.STOP,
    "A grade in the report is not the recorded one",
    "Tell the person who runs this service: the report and the records disagree.",
)
def grade_recorded(subject: Subject) -> Iterator[Finding]:
    """A grade that is printed must be the local interests' grade that was recorded."""
    for _, outcome in subject.outcomes:
        key = outcome.code, outcome.service
        printed = outcome.local.grade.code if outcome.local else None
        if key in subject.recorded and subject.recorded[key] != printed:
            label = " ".join(key).strip()
            recorded = subject.recorded[key]
            yield Finding(
                label,
                f"Outcome {label}",
                subject.url(outcome),
                f"The report says {printed or 'not graded'}, the records say {recorded or 'not graded'}.",
                f"{printed} {recorded}",
            )


@check(
    "score.computed",
    Kind.STOP,
    "A total or rating differs from the computed one",
    "Tell the person who runs this service: the points do not follow from the grades.",
)
def score_computed(subject: Subject) -> Iterator[Finding]:
    """Each domain's points, the total and the rating are counted once more from the printed grades (R8, R9)."""
    content = subject.content
    if content.score_card is None or content.overall is None:
        return
    total = Fraction(0)
    complete = True
    for score in content.scores:
        goal = next(goal for goal in content.goals if goal.code == score.code)
        outcomes = goal.outcomes
        points = _points(content, outcomes)
        complete = complete and None not in points
        computed = scoring.points_in_words(_domain(subject, outcomes, points))
        if score.points != computed:
            yield _differs(score.code, score.points, computed, subject)
        for service in score.services:
            mine = _points(content, [each for each in outcomes if each.service == service.name])
            summed = "" if None in mine else str(sum(p or 0 for p in mine))
            if service.total != summed:
                yield _differs(f"{score.code}, {service.name}", service.total, summed or "no total", subject)
        total += _number(score.points)
    if _number(content.overall.points) != total:
        yield _differs("the total", content.overall.points, scoring.points_in_words(total), subject)
    reached = [band.grade.name for band in content.score_card.bands if total >= band.minimum]
    wanted = reached[-1] if reached and complete else ""
    rated = content.overall.rating.name if content.overall.rating else ""
    if rated != wanted:
        yield _differs("the overall rating", rated or "no rating", wanted or "no rating", subject)


def _points(content: schema.Content, outcomes: list[schema.OutcomeReport]) -> list[int | None]:
    assert content.score_card is not None
    points = {each.grade.code: each.points for each in content.score_card.points}
    return [
        points[each.local.grade.code] if each.scope == "in_scope" and each.agreed and each.local else None
        for each in outcomes
    ]


def _domain(subject: Subject, outcomes: list[schema.OutcomeReport], points: list[int | None]) -> Fraction:
    by_service: dict[str, list[int | None]] = {}
    for outcome, each in zip(outcomes, points, strict=True):
        by_service.setdefault(outcome.service, []).append(each)
    if set(by_service) == {""}:
        return scoring.domain(points).points
    return scoring.domain_of_services(
        by_service,
        rule=scoring.ServicesRule(subject.services_rule),
        two=scoring.TwoServicesRule(subject.two_services_rule),
    ).points


def _number(words: str) -> Fraction:
    return Fraction(words)


def _differs(what: str, printed: str, computed: str, subject: Subject) -> Finding:
    says = f"The report says {printed}, counted from the grades it is {computed}."
    return Finding(what, f"Points: {what}", subject.sign_off_url, says, f"{printed} {computed}")


_TOTAL = re.compile(r"\b(\d{1,2}(?:\.\d)?)\s*(?:points\s+)?(?:of|out of|/)\s*(\d{1,2})\b")
_BAND = re.compile(r"\b(\d{1,2})\s*(?:to|-|–)\s*(\d{1,2})\b")


def _wrong_totals(subject: Subject, text: Text) -> Iterator[str]:
    """Give, as they are written, the totals and bands in a text that are not the computed ones."""
    content = subject.content
    if content.score_card is None or content.overall is None:
        return
    for found in _TOTAL.finditer(text.text):
        if int(found[2]) == content.overall.maximum and found[1] != content.overall.points:
            yield found[0]
    bands = {(band.minimum, band.maximum) for band in content.score_card.bands}
    names = re.compile("|".join(re.escape(word) for words in subject.spellings.values() for word in words), re.I)
    for found in _BAND.finditer(text.text):
        near = text.text[max(0, found.start() - 60) : found.end() + 60]
        if (int(found[1]), int(found[2])) not in bands and "point" in near.lower() and names.search(near):
            yield found[0]


@check(
    "score.written",
    Kind.STOP,
    "A text at the front gives another total or band",
    "Correct the text: the report counts and prints the total and the bands by itself.",
)
def score_written(subject: Subject) -> Iterator[Finding]:
    """A total or a band in the lead's own texts must be the computed one."""
    for text in subject.texts:
        if text.of_details and (wrong := list(_wrong_totals(subject, text))):
            yield _wrong(subject, text, wrong)


@check(
    "score.in-prose",
    Kind.ASK,
    "A text under an outcome gives another total or band",
    "Say why it stands there. To change the text, move the round back with a reason.",
)
def score_in_prose(subject: Subject) -> Iterator[Finding]:
    """A total or a band in evidence or reasons that is not the computed one."""
    for text in subject.texts:
        if not text.of_details and (wrong := list(_wrong_totals(subject, text))):
            yield _wrong(subject, text, wrong)


def _wrong(subject: Subject, text: Text, wrong: list[str]) -> Finding:
    assert subject.content.overall is not None
    counted = f"{subject.content.overall.points} of {subject.content.overall.maximum}"
    says = f"It says “{'”, “'.join(wrong)}”. The report counts {counted}, in the bands of the edition."
    return Finding(text.about, text.place, text.url, says, f"{text.text} {counted}")


@check(
    "signature.missing",
    Kind.STOP,
    "The report is not signed off",
    "The board sponsor reads the report and signs it off.",
)
def signature_missing(subject: Subject) -> Iterator[Finding]:
    """Nothing unsigned is published."""
    if subject.signed_hash is None:
        yield Finding(
            "signature", "Sign-off", subject.sign_off_url, "The board sponsor has not signed off the report.", ""
        )


@check(
    "signature.changed",
    Kind.STOP,
    "The report has changed since it was signed off",
    "The board sponsor reads it again and signs it off as it is now.",
)
def signature_changed(subject: Subject) -> Iterator[Finding]:
    """What is published is what was signed."""
    if subject.signed_hash is not None and subject.signed_hash != subject.hash:
        yield Finding(
            "signature",
            "Sign-off",
            subject.sign_off_url,
            "It is no longer the text that the board sponsor signed.",
            subject.hash,
        )

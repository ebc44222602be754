"""What checks look at: the content as it would be published, beside what the records and last year's report say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.urls import reverse

from eds.assessments.models import AssessedOutcome, Assessment, ServicesRule, TwoServicesRule
from eds.frameworks.models import Factor, Grade
from eds.frameworks.queries import grades_of
from evidence.figures.shown import small_numbers
from evidence.figures.small import SmallNumbers
from evidence.models import Sharing
from evidence.queries import cited_by_outcome
from grading.queries import agreed_grades, latest_proposals, local_interests_grades
from reports.payload import build_content, canonical, content_hash, read, schema
from reports.queries import earlier_publication, outcomes_of_content

Key = tuple[str, str]


@dataclass(frozen=True)
class Text:
    """A piece of prose of the report: where it stands, and the grades that it may name without a question."""

    about: str
    place: str
    url: str
    text: str
    grades: frozenset[str] = frozenset()
    of_details: bool = False
    looked_through: bool = False
    """Whether what may be about a person was asked about before: evidence is not shared before that (R16)."""


@dataclass
class Subject:
    """A report to check. Only `content` is needed to look at what is printed; the rest is what it is compared with."""

    content: schema.Content
    year: int
    spellings: dict[str, list[str]]
    """By grade code every word that means it: name, label, and what published documents call it."""
    urls: dict[Key, str] = field(default_factory=dict)
    details_url: str = ""
    sign_off_url: str = ""
    plan_url: str = ""
    recorded: dict[Key, str | None] = field(default_factory=dict)
    missing_factors: dict[Key, list[str]] = field(default_factory=dict)
    earlier: dict[str, Any] | None = None
    signed_hash: str | None = None
    publish_by: Any = None
    services_rule: str = ServicesRule.MEDIAN_OF_TOTALS
    two_services_rule: str = TwoServicesRule.MEAN
    small: SmallNumbers = field(default_factory=SmallNumbers)
    stories: list[tuple[Key, str]] = field(default_factory=list)
    """Outcome and title of cited stories that are shared with everybody and have no consent for it (R16)."""

    @property
    def threshold(self) -> int:
        """Give the number below which people in prose are asked about (R15)."""
        return self.small.default

    @cached_property
    def hash(self) -> str:
        """Give the mark of the content."""
        return content_hash(canonical(self.content))

    @cached_property
    def outcomes(self) -> list[tuple[schema.GoalReport, schema.OutcomeReport]]:
        """Give the outcomes that are in scope, with their goals."""
        return [(goal, each) for goal in self.content.goals for each in goal.outcomes if each.scope == "in_scope"]

    def url(self, outcome: schema.OutcomeReport) -> str:
        """Give the address at which an outcome is mended."""
        return self.urls.get((outcome.code, outcome.service), "")

    def printed_grade(self, outcome: schema.OutcomeReport) -> schema.GradeWord | None:
        """Give the grade that stands under an outcome: the local interests' one, else the proposed one."""
        if outcome.local:
            return outcome.local.grade
        return outcome.proposal.grade if outcome.proposal else None

    @cached_property
    def texts(self) -> list[Text]:
        """Give every piece of prose of the report."""
        return [*self._details_texts(), *(text for _, outcome in self.outcomes for text in self._texts_of(outcome))]

    def _details_texts(self) -> Iterator[Text]:
        details = self.content.details
        changes = [(each.name, each.changes) for each in self.content.panels]
        changes += [(each.name, each.changes) for each in self.content.rounds]
        parts = {
            "the note on the method": details.method_note,
            "the involvement of local people": details.involvement,
            "good practice": details.good_practice,
            "the front of the report": details.other_text,
            **{
                f"the event {event.name}": "\n\n".join([event.groups, event.numbers, event.heard, event.changed])
                for event in self.content.engagement
            },
            **{
                f"what changed of {name} after opening": "\n\n".join(each.words for each in rows)
                for name, rows in changes
            },
        }
        for words, text in parts.items():
            if text.strip():
                yield Text(f"details {words}", f"Report details, {words}", self.details_url, text, of_details=True)

    def _texts_of(self, outcome: schema.OutcomeReport) -> Iterator[Text]:
        label = f"{outcome.code} {outcome.service}".strip()
        url = self.url(outcome)
        printed = self.printed_grade(outcome)
        recorded = frozenset({printed.code} if printed else set())
        both = {printed.code} if printed else set()
        any_grade = frozenset(grade.code for grade in self.content.grades)

        def text(part: str, words: str, grades: frozenset[str]) -> Text:
            return Text(f"{label} {part}", f"Outcome {label}, {part}", url, words, grades)

        if outcome.summary:
            yield text("the summary", outcome.summary, recorded)
        for item in outcome.evidence:
            evidence = text(f"the evidence “{item.title}”", item.text, recorded)
            yield replace(evidence, looked_through=True)
        if outcome.proposal:
            own = frozenset({outcome.proposal.grade.code})
            both |= own
            for reason in outcome.proposal.reasons:
                yield text(f"the reason under “{reason.heading}”", reason.text, own)
            yield text("the conclusion", outcome.proposal.conclusion, own)
            changed = own | {outcome.proposal.at_opening.code}
            yield text("why the proposal changed", outcome.proposal.why_changed, changed)
            for each in outcome.proposal.questions:
                yield text(f"the organisation's answer to “{each.heading}”", each.answer, own)
        for row in outcome.panels:
            both |= {row.grade.code} if row.grade else set()
            own = frozenset({row.grade.code}) if row.grade else frozenset()
            yield text(f"the reasons of {row.panel}", row.reason, own)
            for each in row.questions:
                yield text(f"the answer of {row.panel} to “{each.heading}”", each.answer, own)
            # Whoever explains a difference names the other grade as well.
            yield text(f"why the grade of {row.panel} is not the median", row.why_not_median, any_grade)
            yield text(f"the summary of what {row.panel} said", row.summary, any_grade)
            for number, comment in enumerate(row.comments, 1):
                yield text(f"comment {number} of {row.panel}", comment.text, any_grade)
            for number, words in enumerate(row.dissents, 1):
                yield text(f"dissent {number} of {row.panel}", words, any_grade)
        if outcome.local and outcome.local.joint:
            yield text("the joint grade of the chairs", outcome.local.joint.reason, any_grade)
        for said in outcome.statements:
            yield text(f"the statement of {said.by}", said.text, frozenset(both))

    @cached_property
    def earlier_texts(self) -> list[str]:
        """Give the prose under the outcomes of last year's report."""
        if self.earlier is None:
            return []
        found = []
        for outcome in outcomes_of_content(self.earlier):
            proposal = outcome["proposal"] or {"reasons": [], "conclusion": ""}
            found += [outcome["summary"], proposal["conclusion"]]
            found += [item["text"] for item in outcome["evidence"]]
            found += [reason["text"] for reason in proposal["reasons"]]
        return [text for text in found if text]


def subject_of(assessment: Assessment, content: schema.Content | None = None) -> Subject:
    """Read all that the checks of a report need (a fixed number of queries)."""
    outcomes = list(
        AssessedOutcome.objects.filter(assessment=assessment).select_related("outcome__goal", "service").in_order()
    )
    local, agreed = local_interests_grades(outcomes), agreed_grades(outcomes)
    proposals = latest_proposals(outcomes)
    factors = list(Factor.objects.filter(revision=assessment.revision).order_by("position"))
    last = earlier_publication(assessment)
    signed = assessment.sign_offs.order_by("-seq").first()
    keys = {each.pk: (each.outcome.code, each.service.name if each.service else "") for each in outcomes}
    recorded: dict[Key, str | None] = {}
    missing: dict[Key, list[str]] = {}
    for pk, key in keys.items():
        settled = agreed[pk].local_interests_grade if pk in agreed else local.get(pk)
        recorded[key] = settled.grade.code if settled else None
        if pk in proposals:
            given = {part["factor"] for part in proposals[pk].reasons if part["text"].strip()}
            missing[key] = [factor.name for factor in factors if factor.code not in given]
    stories = [
        (keys[pk], each.version.title)
        for pk, rows in cited_by_outcome(outcomes, working=True).items()
        for each in rows
        if each.link.item.sharing == Sharing.PUBLIC and each.travel.story_holds
    ]
    return Subject(
        content=content or build_content(assessment),
        year=assessment.year,
        spellings={grade.code: _spellings(grade) for grade in grades_of(assessment.revision)},
        urls={keys[each.pk]: reverse("outcome", args=[each.public_id]) for each in outcomes},
        details_url=reverse("report-details", args=[assessment.public_id]),
        sign_off_url=reverse("report-draft", args=[assessment.public_id]),
        plan_url=reverse("plan", args=[assessment.public_id]),
        recorded=recorded,
        missing_factors=missing,
        earlier=read(last.content) if last else None,
        signed_hash=signed.content_hash if signed and signed.decision == "signed" else None,
        publish_by=assessment.publish_by,
        services_rule=assessment.services_rule,
        two_services_rule=assessment.two_services_rule,
        small=small_numbers(),
        stories=stories,
    )


def _spellings(grade: Grade) -> list[str]:
    return list(dict.fromkeys([grade.name, *grade.aliases]))

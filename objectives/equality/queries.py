"""What pages and verbs read of equality objectives, in a fixed number of queries."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet, prefetch_related_objects

from eds.access.decide import Access
from eds.access.table import BOARDROOM, Deed, Role
from eds.assessments.models import PanelMember
from eds.history.models import today
from eds.history.prepared import prepared
from eds.people.models import Organisation
from evidence.figures.shown import number

from .models import (
    CommentAnswer,
    Commitment,
    EqualityObjective,
    Measure,
    MeasureValue,
    ObjectiveCheckAnswer,
    ObjectiveComment,
    ObjectiveDecision,
    ObjectiveOutcome,
)
from .rules import (
    SHOWN_TO_PANELS,
    CommentFacts,
    CommitmentFacts,
    Finding,
    MeasureFacts,
    Moment,
    ObjectiveFacts,
    Stage,
    Step,
    findings,
    review_due,
    stage_of,
    still_open,
    why_not,
)

Kind = ObjectiveDecision.Kind
LOOKED_AT = {Kind.ADOPTED, Kind.REVIEWED, Kind.REVIEWED_EARLY}


def objectives() -> QuerySet[EqualityObjective]:
    """Give objectives with all that belongs to them (eleven queries, however many)."""
    return standing().prefetch_related(*_the_rest())


def standing() -> QuerySet[EqualityObjective]:
    """Give objectives with no more than says where each stands (two queries, however many)."""
    return EqualityObjective.objects.select_related("organisation", "lead", "followed_from").prefetch_related(
        Prefetch("decisions", ObjectiveDecision.objects.order_by("seq"))
    )


def read_the_rest(objective: EqualityObjective) -> None:
    """Read into an objective of `standing()` what `objectives()` reads beside (nine queries)."""
    prefetch_related_objects([objective], *_the_rest())


def _the_rest() -> list[Prefetch | str]:
    put_forward = ObjectiveDecision.objects.filter(objective=OuterRef("pk"))
    return [
        Prefetch("commitments", Commitment.objects.filter(removed=False)),
        Prefetch("measures", Measure.objects.filter(removed=False)),
        Prefetch("measures__values", MeasureValue.objects.order_by("year", "seq")),
        "characteristics",
        Prefetch(
            "answers",
            ObjectiveOutcome.objects.select_related("outcome__goal__revision__framework").order_by(
                "outcome__goal__revision", "outcome__goal__position", "outcome__position"
            ),
        ),
        Prefetch("comments", ObjectiveComment.objects.order_by("seq")),
        Prefetch("comments__given_answers"),
        Prefetch("check_answers", ObjectiveCheckAnswer.objects.order_by("seq")),
        Prefetch("followed_by", EqualityObjective.objects.annotate(put_forward=Exists(put_forward))),
    ]


@dataclass(frozen=True)
class YearValue:
    """The value of a measure in a year; `corrects` holds why where it is not the first that was entered."""

    year: int
    value: Decimal
    corrects: str


@dataclass(frozen=True)
class MeasureKnown:
    """A measure with its values, in words and as a line."""

    measure: Measure
    values: list[YearValue]

    @cached_property
    def shown(self) -> dict[str, Any]:
        """Give the measure as pages and published documents show it: words, and numbers as text."""
        row = self.measure
        start = row.baseline if row.baseline_year else None
        rows = [
            self._row(each.year, each.value, f"Corrected: {each.corrects}" if each.corrects else "")
            for each in self.values
        ]
        if start is not None and all(each.year != row.baseline_year for each in self.values):
            rows.append(self._row(row.baseline_year or 0, start, "The start"))
        return {
            "name": row.name,
            "unit": row.unit,
            "source": row.source,
            "start": self.start,
            "goal": self.goal,
            "target": "" if row.target is None else f"{row.target.normalize():f}",
            "rows": sorted(rows, key=lambda each: each["year"]),
        }

    def _row(self, year: int, value: Decimal, note: str) -> dict[str, Any]:
        return {"year": year, "value": self.in_words(value), "number": f"{value.normalize():f}", "note": note}

    def in_words(self, value: Decimal | None) -> str:
        """Write a value with its unit."""
        return in_unit(value, self.measure.unit)

    @property
    def start(self) -> str:
        """Say where it starts, or that nobody said so."""
        row = self.measure
        if row.baseline is None:
            return "Not known"
        return (
            f"{self.in_words(row.baseline)} in {row.baseline_year}"
            if row.baseline_year
            else self.in_words(row.baseline)
        )

    @property
    def goal(self) -> str:
        """Say where it is to go."""
        row = self.measure
        said = [self.in_words(row.target)] if row.target is not None else []
        direction = row.get_direction_display() if row.direction else ""
        return ", ".join([*said, direction.lower() if said else direction]) if direction else "".join(said)


def in_unit(value: Decimal | None, unit: str) -> str:
    """Write a number with its unit: 46.5%, 12 people."""
    if value is None:
        return ""
    return f"{number(value)}%" if unit.strip() == "%" else f"{number(value)} {unit}"


@dataclass(frozen=True)
class CommentKnown:
    """A comment of a local interest with its answer, if there is one."""

    row: ObjectiveComment
    answer: str
    answered_on: datetime.date | None


@dataclass(frozen=True)
class Known:
    """An objective with where it stands on a day."""

    objective: EqualityObjective
    on: datetime.date = field(default_factory=today)

    @cached_property
    def decisions(self) -> list[ObjectiveDecision]:
        """Give its decisions, the first one first."""
        return list(self.objective.decisions.all())

    @cached_property
    def comments_until(self) -> datetime.date | None:
        """Give the last day for comments where it was last put to local people."""
        asked = [row.comments_until for row in self.decisions if row.kind == Kind.CONSULTED]
        return asked[-1] if asked else None

    @cached_property
    def stage(self) -> Stage:
        """Say where it stands."""
        return stage_of(
            withdrawn=self.objective.withdrawn,
            last=self.decisions[-1].kind if self.decisions else "",
            comments_until=self.comments_until,
            on=self.on,
        )

    def why_not(self, step: Step) -> str:
        """Say why a step cannot follow now, or ""."""
        return why_not(step, self.stage)

    @cached_property
    def commitments(self) -> list[Commitment]:
        """Give its commitments, without those taken out."""
        return list(self.objective.commitments.all())

    @cached_property
    def measures(self) -> list[MeasureKnown]:
        """Give its measures with the value of each year that counts."""
        return [MeasureKnown(row, _yearly(row.values.all())) for row in self.objective.measures.all()]

    @cached_property
    def comments(self) -> list[CommentKnown]:
        """Give the comments with the answer that counts."""
        found = []
        for row in self.objective.comments.all():
            given = sorted(row.given_answers.all(), key=lambda each: each.seq)
            last = given[-1] if given else None
            found.append(CommentKnown(row, last.reason if last else "", last.decided_on if last else None))
        return found

    @property
    def unanswered(self) -> int:
        """Count the comments without an answer."""
        return sum(not each.answer for each in self.comments)

    def _last(self, kinds: Iterable[str]) -> Moment | None:
        rows = [row for row in self.decisions if row.kind in kinds]
        return (rows[-1].decided_on, rows[-1].recorded_at) if rows else None

    @cached_property
    def looked_at(self) -> Moment | None:
        """Say when the board adopted it, or it was last reviewed."""
        return self._last(LOOKED_AT)

    @cached_property
    def adopted_at(self) -> Moment | None:
        """Say when the board adopted it, if it did."""
        return self._last({Kind.ADOPTED})

    @cached_property
    def review_due(self) -> datetime.date | None:
        """Give the day by which an adopted objective is looked at again."""
        return review_due(self.looked_at[0]) if self.stage is Stage.ADOPTED and self.looked_at else None

    @property
    def is_over(self) -> bool:
        """Say whether its last month has passed while it is still adopted."""
        return self.stage is Stage.ADOPTED and self.on > self.objective.ends.last_day

    @cached_property
    def findings(self) -> list[Finding]:
        """Give what the check finds, answered or not."""
        return findings(self.facts)

    @cached_property
    def open(self) -> list[Finding]:
        """Give what keeps it from being adopted."""
        last: dict[tuple[str, str], str] = {}
        for row in self.objective.check_answers.all():
            last[row.check_id, row.about] = row.fingerprint
        return still_open(self.findings, last)

    @cached_property
    def answered(self) -> list[tuple[Finding, str]]:
        """Give what the check found and was answered, each with the answer."""
        last = {(row.check_id, row.about): row.reason for row in self.objective.check_answers.all()}
        waiting = {(each.id, each.about) for each in self.open}
        return [(each, last[each.id, each.about]) for each in self.findings if (each.id, each.about) not in waiting]

    @property
    def facts(self) -> ObjectiveFacts:
        """Give what the check reads."""
        row = self.objective
        return ObjectiveFacts(
            headline=row.headline,
            starts=row.starts,
            ends=row.ends,
            expected=row.expected,
            limbs=len(row.limbs),
            groups=len(row.characteristics.all()),
            lead_role=row.lead_role,
            commitments=tuple(CommitmentFacts(each.public_id, each.text, each.expected) for each in self.commitments),
            measures=tuple(
                MeasureFacts(
                    key=each.measure.public_id,
                    name=each.measure.name,
                    source=each.measure.source,
                    baseline=each.measure.baseline,
                    baseline_year=each.measure.baseline_year,
                    target=each.measure.target,
                    direction=each.measure.direction,
                )
                for each in self.measures
            ),
            comments=tuple(CommentFacts(each.row.public_id, each.row.of, bool(each.answer)) for each in self.comments),
        )


def _yearly(rows: Iterable[MeasureValue]) -> list[YearValue]:
    """Keep the last value of each year."""
    found: dict[int, YearValue] = {}
    for row in rows:
        found[row.year] = YearValue(row.year, row.value, row.reason if row.seq > 1 else "")
    return [found[year] for year in sorted(found)]


def known(objective: EqualityObjective) -> Known:
    """Read an objective afresh, with all that belongs to it."""
    return Known(objectives().get(pk=objective.pk))


def known_by(public_id: str) -> Known:
    """Read an objective by its public id. Raises DoesNotExist where there is none."""
    return Known(objectives().get(public_id=public_id))


def of_organisations(organisations: Iterable[Organisation]) -> list[Known]:
    """Give the objectives of organisations, withdrawn drafts left out, in the order in which they were begun."""
    return [Known(row) for row in _standing(list(organisations))]


@prepared
def _standing(organisations: Sequence[Organisation]) -> QuerySet[EqualityObjective]:
    rows = objectives().filter(organisation__in=organisations, withdrawn=False)
    return rows.order_by("organisation__name", "starts", "position", "pk")


def seen_by(access: Access, organisation: Organisation, found: Iterable[Known]) -> list[Known]:
    """Keep what somebody may see of an organisation's objectives: drafts only for those in it."""
    drafts = bool(access.may(Deed.SEE_DRAFT_OBJECTIVES, organisation))
    return [each for each in found if drafts or each.stage in SHOWN_TO_PANELS]


def interests_of(access: Access, organisation: Organisation) -> list[PanelMember]:
    """Give somebody's places on an organisation's panels, each local interest once, the newest first (one query)."""
    rows = (
        PanelMember.objects.filter(
            user_id=access.user.pk or 0, left_on__isnull=True, panel__assessment__organisation=organisation
        )
        .select_related("panel__assessment")
        .order_by("-panel__assessment__year", "-panel_id")
    )
    found: dict[str, PanelMember] = {}
    for row in rows:
        found.setdefault(row.panel.name, row)
    return list(found.values())


def may_comment(access: Access, organisation: Organisation) -> bool:
    """Say whether somebody comments as a local interest: its own leads and board never do."""
    own = access.roles_to(organisation) & (BOARDROOM | {Role.LEAD})
    return bool(access.may(Deed.COMMENT_ON_OBJECTIVES, organisation)) and not own


def answers_since(access: Access, since: datetime.datetime) -> list[CommentAnswer]:
    """Give the last answer that each of somebody's own comments got since a moment (one query)."""
    rows = CommentAnswer.objects.filter(
        comment__actor_id=access.user.pk or 0,
        comment__objective__organisation__in=access.organisations(),
        recorded_at__gt=since,
    ).select_related("comment__objective__organisation")
    return list({row.comment_id: row for row in rows.order_by("seq")}.values())


def commented_on(access: Access, objectives_: Iterable[EqualityObjective]) -> set[int]:
    """Give the objectives on which the person has commented (one query)."""
    return set(_commented(access.user.pk or 0, list(objectives_)))


@prepared
def _commented(actor: int, objectives_: Sequence[EqualityObjective]) -> QuerySet[ObjectiveComment, Any]:
    comments = ObjectiveComment.objects.filter(actor_id=actor, objective__in=objectives_)
    return comments.values_list("objective_id", flat=True)

"""The audit of a year: grades then and now, what was promised, what was done, and whether people felt it (R19, R25).

It is read at the annual meeting of the organisation and its local interests, while the new year is being graded or after.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from eds.access.decide import Access
from eds.access.table import Deed, Role
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelRemit, State
from eds.frameworks.models import Grade
from eds.frameworks.queries import grades_of
from grading.queries import OutcomeGrades, outcome_grades
from objectives.equality.queries import Known, of_organisations, seen_by
from objectives.equality.rules import Stage
from objectives.plan import queries as plan_queries
from objectives.plan import years
from objectives.plan.models import Felt, Status
from objectives.plan.rules import is_open
from objectives.plan.table import FeltShown, Line

from .queries import LastGrade, last_years_grades

FELT, PARTLY, NOT_FELT, NOT_SAID = "felt", "partly", "not_felt", "not_said"
WORDS = {FELT: "Felt", PARTLY: "Partly felt", NOT_FELT: "Not felt", NOT_SAID: "No panel has said"}


@dataclass(frozen=True)
class Promised:
    """An action of the year before; `goes_on` is the line that it was carried over to, where the reader may see that."""

    line: Line
    goes_on: Line | None = None
    speakers: tuple[Panel, ...] = ()
    """The panels of this year for which the reader may say whether they felt it."""

    @property
    def newest(self) -> Line:
        """Give the line that says how it goes now."""
        return self.goes_on or self.line

    @property
    def state_words(self) -> str:
        """Give where it stands; carried over is said where it was."""
        if self.goes_on is None:
            return self.line.state_words
        return f"{self.goes_on.state_words}, carried over"

    @property
    def felt(self) -> tuple[FeltShown, ...]:
        """Give what panels said of it, in its own year and since."""
        return (*self.line.felt, *(self.goes_on.felt if self.goes_on else ()))

    @property
    def result(self) -> str:
        """Give "done", "stopped" or "open"."""
        status = self.newest.status
        return "open" if is_open(status) else status

    @property
    def felt_at_all(self) -> str:
        """Sum up what panels said; where they differ, it is partly felt."""
        answers = {said.answer for said in self.felt}
        if not answers:
            return NOT_SAID
        if answers == {Felt.Answer.DONE}:
            return FELT
        return NOT_FELT if answers == {Felt.Answer.NOT_FELT} else PARTLY


@dataclass(frozen=True)
class Audited:
    """An outcome with its grade then and now, and what was promised for it."""

    label: str
    text: str
    key: str
    then: LastGrade | None
    now: Grade | None
    now_words: str
    change: str
    promises: list[Promised] = field(default_factory=list)

    @property
    def done(self) -> list[Promised]:
        """Give what was done."""
        return [each for each in self.promises if each.result == Status.DONE]

    @property
    def felt(self) -> int:
        """Give how many of the done ones people felt, wholly."""
        return sum(each.felt_at_all == FELT for each in self.done)


@dataclass(frozen=True)
class Audit:
    """The audit of a year: this assessment, the year before it, and every outcome of either."""

    assessment: Assessment
    before: Assessment | None
    outcomes: list[Audited]
    not_graded_now: list[Audited]
    objectives: list[Known]

    @property
    def promises(self) -> list[Promised]:
        """Give all that was promised."""
        return [each for outcome in (*self.outcomes, *self.not_graded_now) for each in outcome.promises]

    @property
    def then_year(self) -> str:
        """Give the year of the grades then, or of the plan where nothing was published."""
        years_ = [each.then.year_words for each in self.outcomes if each.then]
        return years_[0] if years_ else (self.before.year_words if self.before else "")

    @property
    def counts(self) -> dict[str, int]:
        """Count promises by result: done, stopped, open."""
        found = Counter(each.result for each in self.promises)
        return {key: found[key] for key in ("done", "stopped", "open")}

    @property
    def felt_counts(self) -> dict[str, int]:
        """Count what was done by what panels felt."""
        found = Counter(each.felt_at_all for each in self.promises if each.result == Status.DONE)
        return {key: found[key] for key in WORDS}

    @property
    def changes(self) -> dict[str, int]:
        """Count outcomes with a grade then and now by how the grade changed."""
        return dict(Counter(each.change for each in self.outcomes if each.then and each.now))


def audit_of(assessment: Assessment, access: Access) -> Audit:
    """Give the audit of a year as one reader may read it (a fixed number of queries)."""
    before = years.plan_before(assessment)
    here = plan_queries.outcomes_of(assessment)
    lines = list(years.promised(before, access).actions) if before else []
    carried = {line.action_id: line for line in plan_queries.plan_of(assessment, access).actions} if lines else {}
    places = _places(before, here) if before else {}
    speakers = _speakers(assessment, access) if before and before.state == State.PUBLISHED else {}
    promises: dict[str, list[Promised]] = defaultdict(list)
    for line in lines:
        place = places.get(line.outcome_id)
        mine = tuple(speakers.get(place.pk, ())) if place else ()
        promises[place.public_id if place else line.outcome_id].append(
            Promised(line, carried.get(line.carried_to_id), mine)
        )
    graded = [each for each in here if each.scope == "in_scope"]
    seen = {each.pk for each in graded if access.may(Deed.SEE_PANEL_GRADES, each)}
    known = outcome_grades([each for each in graded if each.pk in seen], access)
    then = last_years_grades(assessment)
    scale = [grade.code for grade in grades_of(assessment.revision)]
    return Audit(
        assessment=assessment,
        before=before,
        outcomes=[_audited(each, then, known.get(each.pk), scale, promises[each.public_id]) for each in graded],
        not_graded_now=_elsewhere(lines, promises, {each.public_id for each in graded}),
        objectives=_objectives(assessment, access),
    )


def _places(before: Assessment, here: Sequence[AssessedOutcome]) -> dict[str, AssessedOutcome]:
    then = plan_queries.outcomes_of(before)
    follows = years.followed_by(then, here)
    return {each.public_id: follows[each.pk] for each in then if each.pk in follows}


def _speakers(assessment: Assessment, access: Access) -> dict[int, list[Panel]]:
    """Give by outcome the panels that the reader chairs (one query)."""
    chaired = [pk for pk, role in access.standing(assessment).places.items() if role is Role.CHAIR]
    found: dict[int, list[Panel]] = defaultdict(list)
    if chaired:
        remits = PanelRemit.objects.filter(panel__in=chaired).select_related(
            "panel__assessment__organisation", "panel__assessment__framework", "panel__assessment__revision"
        )
        for remit in remits.order_by("panel__name"):
            if access.may(Deed.SAY_FELT, remit.panel):
                found[remit.assessed_outcome_id].append(remit.panel)
    return found


def _audited(
    outcome: AssessedOutcome,
    then: dict[tuple[str, str], LastGrade],
    grades: OutcomeGrades | None,
    scale: Sequence[str],
    promises: list[Promised],
) -> Audited:
    last = then.get(years.key_of(outcome))
    now = grades.agreed.local_interests_grade.grade if grades and grades.agreed else None
    return Audited(
        label=str(outcome),
        text=outcome.outcome.text,
        key=outcome.public_id,
        then=last,
        now=now,
        now_words="" if now else _not_agreed(grades),
        change=_change(last, now, scale),
        promises=promises,
    )


def _not_agreed(grades: OutcomeGrades | None) -> str:
    if grades is None:
        return "Being graded"
    return "Not graded by local people" if grades.closed else "Not agreed yet"


def _change(then: LastGrade | None, now: Grade | None, scale: Sequence[str]) -> str:
    if then is None or now is None or then.grade["code"] not in scale:
        return ""
    was, is_ = scale.index(then.grade["code"]), scale.index(now.code)
    return "Same grade" if was == is_ else "Higher now" if is_ > was else "Lower now"


def _elsewhere(lines: Iterable[Line], promises: dict[str, list[Promised]], here: set[str]) -> list[Audited]:
    """Give what was promised for outcomes that this year does not grade."""
    found: dict[str, Audited] = {}
    for line in lines:
        if line.outcome_id in promises and line.outcome_id not in here:
            found.setdefault(
                line.outcome_id,
                Audited(
                    label=line.outcome,
                    text=line.outcome_text,
                    key=line.outcome_id,
                    then=None,
                    now=None,
                    now_words="Not graded this year",
                    change="",
                    promises=promises[line.outcome_id],
                ),
            )
    return list(found.values())


def _objectives(assessment: Assessment, access: Access) -> list[Known]:
    """Give the objectives that the board adopted, open or closed, where the reader may see them."""
    organisation = assessment.organisation
    if not access.may(Deed.SEE_OBJECTIVES, organisation):
        return []
    found = seen_by(access, organisation, of_organisations([organisation]))
    return [each for each in found if each.stage in {Stage.ADOPTED, Stage.CLOSED}]

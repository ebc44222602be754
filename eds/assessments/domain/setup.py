"""Setting up an assessment: outcomes in scope, rounds, services, panels, contributors."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from eds.assessments.calendar import Dates, default_publish_by, out_of_order
from eds.assessments.domain.grounds import have_opened, keep_changes, panel_grounds, round_grounds
from eds.assessments.models import (
    AssessedOutcome,
    Assessment,
    Contributor,
    Panel,
    PanelChange,
    PanelKind,
    PanelMember,
    PanelRemit,
    Phase,
    PhaseChange,
    Round,
    ScopeDecision,
    Service,
    State,
)
from eds.frameworks.models import FrameworkRevision, Goal, Outcome
from eds.history.errors import DomainError
from eds.history.models import today
from eds.people.belonging import belonging_changed
from eds.people.invitations import withdraw_for
from eds.people.links import end_links
from eds.people.models import Membership, Organisation, User


@dataclass(frozen=True)
class ServicePlan:
    """A service to assess and why it was chosen."""

    name: str
    why_chosen: str


@dataclass(frozen=True)
class RoundPlan:
    """A round to plan: its name, its outcomes, how differing panels are settled, its dates, and whether it is blind."""

    name: str
    outcomes: Sequence[AssessedOutcome]
    differ_rule: str = Round.DifferRule.LOWER
    review_by: datetime.date | None = None
    agree_by: datetime.date | None = None
    pack_by: datetime.date | None = None
    named_panel: Panel | None = None
    proposal_in_view: bool = False


@dataclass(frozen=True)
class PanelPlan:
    """A panel to add: its kind and name, the outcomes in its remit, its quorum and its rule."""

    name: str
    kind: PanelKind
    outcomes: Sequence[AssessedOutcome]
    quorum: int = 3
    rule: str = Panel.Rule.CONSENSUS


def require_preparing(rounds: Iterable[Round | None]) -> None:
    """Raise DomainError where any of the rounds has opened; what grading rests on is chosen before (R5)."""
    for round_ in rounds:
        if round_ is not None and round_.phase != Phase.PREPARING:
            raise DomainError(f"“{round_.name}” has been opened, so this can no longer be changed.")


def open_assessment(
    *,
    actor: User,
    organisation: Organisation,
    revision: FrameworkRevision,
    year: int,
    publish_by: datetime.date | None = None,
    services: Sequence[ServicePlan] = (),
    reason: str = "Opened the assessment",
) -> Assessment:
    """Open the yearly run of an edition, with every outcome of the edition in scope.

    Outcomes that are graded per service are made once a service, or once where no service is named. Without
    `publish_by` the edition's own day in the next year is taken, where it names one. Raises DomainError
    where this organisation has the edition and year already.
    """
    framework = revision.framework
    if publish_by is None:
        publish_by = default_publish_by(year, revision.publish_by_month, revision.publish_by_day)
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        if Assessment.objects.filter(organisation=organisation, framework=framework, year=year).exists():
            raise DomainError(
                f"{organisation} already has an assessment of {framework.short_name} for {year}.", field="year"
            )
        assessment = Assessment(
            organisation=organisation, framework=framework, revision=revision, year=year, publish_by=publish_by
        ).record(actor=actor, reason=reason)
        made = [
            Service(assessment=assessment, name=plan.name, why_chosen=plan.why_chosen, position=position).record(
                actor=actor, reason=reason
            )
            for position, plan in enumerate(services, start=1)
        ]
        for outcome in Outcome.objects.filter(goal__revision=revision).select_related("goal"):
            graded_on: Sequence[Service | None] = made if outcome.goal.needs_services and made else [None]
            for service in graded_on:
                AssessedOutcome(assessment=assessment, outcome=outcome, service=service).record(
                    actor=actor, reason=reason
                )
        belonging_changed(organisation, assessment)
    return assessment


def add_service(
    *, actor: User, assessment: Assessment, plan: ServicePlan, reason: str = "Added the service"
) -> Service:
    """Add a service that goals graded per service are graded on; the first one takes over the outcomes made without.

    Raises DomainError where the edition asks for no services, the name is taken, no reason for the choice is given, or a
    round over such outcomes has opened.
    """
    if not plan.why_chosen.strip():
        raise DomainError("Say why this service was chosen.", field="why_chosen")
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        _require_open(assessment)
        goals = Goal.objects.filter(revision=assessment.revision, needs_services=True)
        graded_per_service = AssessedOutcome.objects.filter(assessment=assessment, outcome__goal__in=goals)
        if not goals.exists():
            raise DomainError(f"{assessment.framework.short_name} is not graded per service.")
        existing = list(graded_per_service.select_related("round", "outcome"))
        require_preparing([outcome.round for outcome in existing])
        if Service.objects.filter(assessment=assessment, name=plan.name).exists():
            raise DomainError("This assessment has a service of that name already.", field="name")
        last = Service.objects.filter(assessment=assessment).aggregate(last=Max("position"))["last"] or 0
        service = Service(assessment=assessment, name=plan.name, why_chosen=plan.why_chosen, position=last + 1).record(
            actor=actor, reason=reason
        )
        unserved = [outcome for outcome in existing if outcome.service_id is None]
        for outcome in unserved:
            outcome.service = service
            outcome.record(actor=actor, reason=reason)
        if not unserved:
            for official in Outcome.objects.filter(goal__in=goals).order_by("goal__position", "position"):
                AssessedOutcome(assessment=assessment, outcome=official, service=service).record(
                    actor=actor, reason=reason
                )
    return service


def choose_services_rules(
    *, actor: User, assessment: Assessment, services_rule: str, two_services_rule: str, expected_version: int | None
) -> Assessment:
    """Choose how services become a domain's score (R8). Raises DomainError once such a round has opened."""
    with transaction.atomic():
        locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
        _require_open(locked)
        per_service = AssessedOutcome.objects.filter(assessment=locked, outcome__goal__needs_services=True)
        require_preparing([outcome.round for outcome in per_service.select_related("round")])
        locked.services_rule, locked.two_services_rule = services_rule, two_services_rule
        return locked.record(actor=actor, reason="Chose how services become a score", expected_version=expected_version)


def decide_scope(*, actor: User, assessed_outcome: AssessedOutcome, scope: str, reason: str) -> ScopeDecision:
    """Leave an outcome out, call it not applicable, or take it back in (R9).

    Raises DomainError without a reason, once the outcome's round has opened, or when the assessment is no longer open.
    """
    if scope != ScopeDecision.Scope.IN_SCOPE and not reason.strip():
        raise DomainError("Say why the outcome is not graded this year.", field="reason")
    with transaction.atomic():
        locked = (
            AssessedOutcome.objects.select_for_update(of=("self",))
            .select_related("round", "assessment")
            .get(pk=assessed_outcome.pk)
        )
        _require_open(locked.assessment)
        require_preparing([locked.round])
        return ScopeDecision.append(actor=actor, reason=reason, assessed_outcome=locked, scope=scope)


def decide_scopes(*, actor: User, outcomes: Iterable[AssessedOutcome], scope: str, reason: str) -> list[ScopeDecision]:
    """Decide the scope of several outcomes for one reason, all or none."""
    with transaction.atomic():
        return [
            decide_scope(actor=actor, assessed_outcome=assessed_outcome, scope=scope, reason=reason)
            for assessed_outcome in outcomes
        ]


def leave_out(*, actor: User, outcomes: Iterable[AssessedOutcome], reason: str) -> list[ScopeDecision]:
    """Leave several outcomes out for one reason, all or none."""
    return decide_scopes(actor=actor, outcomes=outcomes, scope=ScopeDecision.Scope.LEFT_OUT, reason=reason)


def plan_round(*, actor: User, assessment: Assessment, plan: RoundPlan, reason: str = "Planned the round") -> Round:
    """Plan a round over some outcomes.

    Raises DomainError where an outcome is missing, left out, of another assessment or in a round that has opened, where
    the name is taken, or where the dates are out of order.
    """
    _require_sound(plan, assessment)
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        _require_open(assessment)
        last = Round.objects.filter(assessment=assessment).aggregate(last=Max("position"))["last"] or 0
        return _save_round(
            actor=actor, round_=Round(assessment=assessment, position=last + 1), plan=plan, reason=reason
        )


def change_round(
    *,
    actor: User,
    round: Round,
    plan: RoundPlan,
    expected_version: int | None = None,
    reason: str = "",
) -> Round:
    """Change a round while it is prepared; once it has been opened before, only with a reason that panels see (R12).

    Raises as plan_round does, and DomainError once it has; Stale where outdated."""
    _require_sound(plan, round.assessment)
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=round.assessment_id)
        _require_open(round.assessment)
        locked = Round.objects.select_for_update(of=("self",)).select_related("assessment").get(pk=round.pk)
        require_preparing([locked])
        opened = have_opened([locked])
        before = round_grounds(locked)
        saved = _save_round(
            actor=actor,
            round_=locked,
            plan=plan,
            reason=reason or "Changed the round",
            expected_version=expected_version,
        )
        if opened:
            keep_changes(
                actor=actor, reason=reason, subject={"round": saved}, before=before, after=round_grounds(saved)
            )
        return saved


def _require_each_once(outcomes: Sequence[AssessedOutcome]) -> None:
    for outcome, number in Counter(outcomes).items():
        if number > 1:
            raise DomainError(f"Outcome {outcome} is chosen {number} times. Choose it once.", field="outcomes")


def _require_sound(plan: RoundPlan, assessment: Assessment) -> None:
    if not plan.outcomes:
        raise DomainError("Choose at least one outcome for the round.", field="outcomes")
    _require_each_once(plan.outcomes)
    if plan.agree_by is None:
        raise DomainError(
            "Give the date by which grades are agreed: after it the local interests' grade counts without statements.",
            field="agree_by",
        )
    if plan.review_by and plan.agree_by < plan.review_by:
        raise DomainError("The date for agreeing must not be before the date for reviews.", field="agree_by")
    dates = Dates(plan.pack_by, plan.review_by, plan.agree_by, assessment.sign_off_by, assessment.publish_by)
    for field, sentence in out_of_order(dates).items():
        raise DomainError(sentence, field="agree_by" if field in {"sign_off_by", "publish_by"} else field)
    if (plan.differ_rule == Round.DifferRule.NAMED_PANEL) != (plan.named_panel is not None):
        raise DomainError("Choose the panel whose grade counts where panels differ.", field="differ_rule")


def _save_round(
    *, actor: User, round_: Round, plan: RoundPlan, reason: str, expected_version: int | None = None
) -> Round:
    assessment = round_.assessment
    if Round.objects.filter(assessment=assessment, name=plan.name).exclude(pk=round_.pk).exists():
        raise DomainError("This assessment already has a round of that name.", field="name")
    if plan.named_panel is not None and plan.named_panel.assessment_id != assessment.pk:
        raise DomainError("This panel belongs to another assessment.", field="differ_rule")
    round_.name, round_.differ_rule, round_.named_panel = plan.name, plan.differ_rule, plan.named_panel
    round_.review_by, round_.agree_by, round_.proposal_in_view = plan.review_by, plan.agree_by, plan.proposal_in_view
    round_.pack_by = plan.pack_by
    round_.record(actor=actor, reason=reason, expected_version=expected_version)
    in_scope = AssessedOutcome.objects.in_scope().select_related("round").in_bulk([o.pk for o in plan.outcomes])
    for wanted in plan.outcomes:
        stored = in_scope.get(wanted.pk)
        if stored is None or stored.assessment_id != assessment.pk:
            raise DomainError(f"Outcome {wanted} is not in scope of this assessment.", field="outcomes")
        require_preparing([stored.round])
        if stored.round and stored.round != round_ and stored.round.reveals:
            # In another round, what everybody has seen would count as blind (R18).
            raise DomainError(f"“{stored.round}” has been revealed once, so its outcomes stay in it.", field="outcomes")
        if stored.round != round_:
            stored.round = round_
            stored.record(actor=actor, reason=reason)
    dropped = round_.outcomes.exclude(pk__in=in_scope)
    if round_.reveals and dropped.exists():
        raise DomainError(f"“{round_}” has been revealed once, so its outcomes stay in it.", field="outcomes")
    for outcome in dropped:
        outcome.round = None
        outcome.record(actor=actor, reason=reason)
    return round_


def add_panel(*, actor: User, assessment: Assessment, plan: PanelPlan, reason: str = "Added the panel") -> Panel:
    """Add a review panel with its remit; where a round of it has opened before, that is kept and printed (R12).

    Raises DomainError where the remit is empty, of another assessment or already open, or the name is taken.
    """
    if not plan.outcomes:
        raise DomainError("Choose at least one outcome that the panel grades.", field="outcomes")
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=assessment.pk)
        _require_open(assessment)
        if Panel.objects.filter(assessment=assessment, name=plan.name).exists():
            raise DomainError("This assessment already has a panel of that name.", field="name")
        panel = Panel(assessment=assessment, kind=plan.kind, name=plan.name, quorum=plan.quorum, rule=plan.rule).record(
            actor=actor, reason=reason
        )
        _set_remit(panel, plan.outcomes)
        if have_opened(panel_rounds(panel)):
            keep_changes(
                actor=actor, reason=reason, subject={"panel": panel}, before={}, after={"The panel": f"{panel} (new)"}
            )
    return panel


def change_panel(*, actor: User, panel: Panel, plan: PanelPlan, expected_version: int | None, reason: str) -> Panel:
    """Change a panel while its rounds are prepared; once one has been opened before, only with a reason (R12).

    Raises DomainError while one of them is open, or without that reason; Stale where the form is outdated.
    """
    with transaction.atomic():
        Assessment.objects.select_for_update().get(pk=panel.assessment_id)
        require_preparing(panel_rounds(panel))
        if Panel.objects.filter(assessment=panel.assessment_id, name=plan.name).exclude(pk=panel.pk).exists():
            raise DomainError("This assessment already has a panel of that name.", field="name")
        opened = have_opened(panel_rounds(panel))
        before = panel_grounds(Panel.objects.select_related("kind").get(pk=panel.pk))
        panel.kind, panel.name, panel.quorum, panel.rule = plan.kind, plan.name, plan.quorum, plan.rule
        panel.record(actor=actor, reason=reason or "Changed the panel", expected_version=expected_version)
        panel.remit.all().delete()
        _set_remit(panel, plan.outcomes)
        if opened or have_opened(panel_rounds(panel)):
            keep_changes(
                actor=actor, reason=reason, subject={"panel": panel}, before=before, after=panel_grounds(panel)
            )
    return panel


def remove_panel(*, actor: User, panel: Panel, reason: str = "") -> Panel:
    """Remove a panel that has never opened: its people leave it, its invitations are withdrawn, it grades nothing.

    Raises DomainError once one of its rounds has opened, or where a round lets this panel's grade count.
    """
    why = reason.strip() or "The panel was removed"
    with transaction.atomic():
        assessment = Assessment.objects.select_for_update().get(pk=panel.assessment_id)
        _require_open(assessment)
        locked = (
            Panel.objects.select_for_update(of=("self",)).select_related("assessment__organisation").get(pk=panel.pk)
        )
        if has_opened(locked):
            raise DomainError("Reviewing has opened for this panel, so it can no longer be removed.")
        named_in = Round.objects.filter(named_panel=locked).first()
        if named_in is not None:
            raise DomainError(f"“{named_in}” lets this panel's grade count. Change that round first.")
        for member in locked.members.filter(left_on__isnull=True).select_related("user"):
            member.panel = locked
            end_panel_member(actor=actor, member=member, reason=why)
        withdraw_for(actor=actor, kind="panel", subject=locked.public_id)
        locked.remit.all().delete()
        locked.removed_on = today()
        locked.record(actor=actor, reason=why)
    return locked


def panel_rounds(panel: Panel) -> list[Round]:
    """Give the rounds that a panel's remit touches."""
    return list(Round.objects.filter(outcomes__remits__panel=panel).distinct())


def _set_remit(panel: Panel, outcomes: Sequence[AssessedOutcome]) -> None:
    _require_each_once(outcomes)
    stored = AssessedOutcome.objects.select_related("round").in_bulk([outcome.pk for outcome in outcomes])
    for wanted in outcomes:
        outcome = stored[wanted.pk]
        if outcome.assessment_id != panel.assessment_id:
            raise DomainError(f"Outcome {outcome} is not in this assessment.", field="outcomes")
        require_preparing([outcome.round])
        PanelRemit.objects.create(panel=panel, assessed_outcome=outcome)


def add_panel_member(
    *, actor: User, panel: Panel, user: User, role: str = PanelMember.Role.REVIEWER, reason: str = ""
) -> PanelMember:
    """Put a person on a panel.

    After one of the panel's rounds has opened a reason is needed, which the panel sees and the report prints (R12).
    Raises DomainError for a lead or board member of the organisation, for a second chair, for an employee who would
    chair a community panel, and for somebody who is on the panel already.
    """
    organisation = panel.assessment.organisation
    with transaction.atomic():
        Panel.objects.select_for_update().get(pk=panel.pk)
        roles = set(
            Membership.objects.filter(user=user, organisation=organisation, ended_on__isnull=True).values_list(
                "role", flat=True
            )
        )
        barred = roles - {Membership.Role.EMPLOYEE}
        if barred:
            raise DomainError(
                "Leads and board members do not review the work of their own trust or board.", field="user"
            )
        current = panel.members.filter(left_on__isnull=True)
        if role == PanelMember.Role.CHAIR:
            if panel.kind.of_the_community and roles:
                raise DomainError(
                    "An employee of the organisation cannot chair a panel of the community.", field="user"
                )
            if current.filter(role=PanelMember.Role.CHAIR).exists():
                raise DomainError("The panel has a chair already.", field="role")
        if current.filter(user=user).exists():
            raise DomainError(f"{user} is on this panel already.", field="user")
        member = PanelMember(panel=panel, user=user, role=role)
        _record_panel_change(actor=actor, member=member, change=PanelChange.Change.JOINED, reason=reason)
        belonging_changed(organisation, panel.assessment)
    return member


def end_panel_member(*, actor: User, member: PanelMember, reason: str) -> PanelMember:
    """End a person's place on a panel; a submitted review stays (R12).

    Raises DomainError without a reason once a round of the panel has opened.
    """
    with transaction.atomic():
        Panel.objects.select_for_update().get(pk=member.panel_id)
        member.left_on = today()
        _record_panel_change(actor=actor, member=member, change=PanelChange.Change.LEFT, reason=reason)
        withdraw_for(actor=actor, kind="panel", subject=member.panel.public_id, email=member.user.email)
        end_links(member.user)
        belonging_changed(member.panel.assessment.organisation, member.panel.assessment)
    return member


def has_opened(panel: Panel) -> bool:
    """Say whether any of a panel's rounds has ever opened: its people then change only with a reason (R12)."""
    opened = PhaseChange.objects.filter(to_phase=Phase.REVIEWING, round__outcomes__remits__panel=panel)
    return opened.exists()


def _record_panel_change(*, actor: User, member: PanelMember, change: PanelChange.Change, reason: str) -> None:
    after_opening = has_opened(member.panel)
    if after_opening and not reason.strip():
        raise DomainError("The round has opened: say why the panel changes.", field="reason")
    member.record(actor=actor, reason=reason or f"{change.label.capitalize()} before opening")
    PanelChange.append(
        actor=actor,
        reason=reason,
        panel=member.panel,
        member=member,
        change=change.value,
        after_opening=after_opening,
    )


def add_contributor(
    *, actor: User, assessed_outcome: AssessedOutcome, user: User, for_what: str, reason: str = "Asked to contribute"
) -> Contributor:
    """Make a person a lead contact of an outcome. Raises DomainError where they are one already."""
    assessment = assessed_outcome.assessment
    with transaction.atomic():
        AssessedOutcome.objects.select_for_update(of=("self",)).get(pk=assessed_outcome.pk)
        if assessed_outcome.contributors.filter(user=user, ended_on__isnull=True).exists():
            raise DomainError(f"{user} contributes to {assessed_outcome} already.", field="user")
        contributor = Contributor(assessed_outcome=assessed_outcome, user=user, for_what=for_what).record(
            actor=actor, reason=reason
        )
        belonging_changed(assessment.organisation, assessment)
    return contributor


def end_contributor(*, actor: User, contributor: Contributor, reason: str) -> Contributor:
    """End a person's part in an outcome; what they wrote stays."""
    with transaction.atomic():
        contributor.ended_on = today()
        contributor.record(actor=actor, reason=reason or "No longer contributes")
        outcome_id = contributor.assessed_outcome.public_id
        withdraw_for(actor=actor, kind="contributor", subject=outcome_id, email=contributor.user.email)
        end_links(contributor.user)
        assessment = contributor.assessed_outcome.assessment
        belonging_changed(assessment.organisation, assessment)
    return contributor


def _require_open(assessment: Assessment) -> None:
    if assessment.state != State.OPEN:
        raise DomainError(f"The assessment is {assessment.get_state_display().lower()}, so this cannot be changed.")

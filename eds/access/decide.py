"""Answers from the access table for one person: fetch with the right, ask for buttons, say why not.

`Access` is made once a request (`access_of(request)`) and remembers what it read: at most three queries a request say
who somebody is to an assessment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils.functional import cached_property

from eds.assessments import contracts
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelMember, Phase, Round, State
from eds.frameworks.models import FrameworkRevision
from eds.frameworks.queries import latest_revisions
from eds.history.prepared import Prepared
from eds.history.reading import fill
from eds.people.models import Membership, Organisation, User

from . import queries
from .table import BOARDROOM, PANEL, TABLE, Deed, Hides, Role

_MEMBERSHIP_ROLES: dict[str, Role] = {
    Membership.Role.EQUALITY_LEAD: Role.LEAD,
    Membership.Role.DEPUTY: Role.LEAD,
    Membership.Role.BOARD_SPONSOR: Role.SPONSOR,
    Membership.Role.BOARD_MEMBER: Role.BOARD,
    Membership.Role.EMPLOYEE: Role.EMPLOYEE,
}
_PANEL_ROLES: dict[str, Role] = {
    PanelMember.Role.CHAIR: Role.CHAIR,
    PanelMember.Role.REVIEWER: Role.REVIEWER,
    PanelMember.Role.ORGANISER: Role.ORGANISER,
}
_PROPOSAL_IN_VIEW = frozenset({Deed.SEE_PROPOSAL, Deed.SEE_UNREVEALED_PROPOSAL})
_DEED_NAMES = frozenset(deed.value for deed in Deed)
OWN_ORGANISATION = "Leads and board members do not review the work of their own trust or board."


@dataclass(frozen=True)
class Answer:
    """Yes, or no with the sentence that explains it; `hidden` where even the existence of the thing is not told."""

    yes: bool
    sentence: str = ""
    hidden: bool = False

    def __bool__(self) -> bool:
        return self.yes


YES = Answer(True)


@dataclass(frozen=True)
class Standing:
    """Who somebody is to one assessment: roles in the organisation, places on panels by outcome, contributions."""

    organisation_roles: frozenset[Role]
    places: dict[int, Role]
    remits: dict[int, frozenset[int]]
    contributes_to: frozenset[int]

    def to_outcome(self, outcome_pk: int) -> frozenset[Role]:
        """Give the roles towards one assessed outcome."""
        roles = set(self.organisation_roles)
        covering = {role for panel, role in self.places.items() if outcome_pk in self.remits[panel]}
        roles |= covering or ({Role.PANEL_ELSEWHERE} if self.places else set())
        if outcome_pk in self.contributes_to:
            roles.add(Role.CONTRIBUTOR)
        elif self.contributes_to:
            roles.add(Role.CONTRIBUTOR_ELSEWHERE)
        return frozenset(roles)

    def to_panel(self, panel_pk: int) -> frozenset[Role]:
        """Give the roles towards one panel: a place on another panel counts as elsewhere."""
        roles = set(self.organisation_roles)
        if panel_pk in self.places:
            roles.add(self.places[panel_pk])
        elif self.places:
            roles.add(Role.PANEL_ELSEWHERE)
        if self.contributes_to:
            roles.add(Role.CONTRIBUTOR_ELSEWHERE)
        return frozenset(roles)

    def to_assessment(self) -> frozenset[Role]:
        """Give the roles towards the whole assessment."""
        return (
            self.organisation_roles
            | frozenset(self.places.values())
            | (frozenset({Role.CONTRIBUTOR}) if self.contributes_to else frozenset())
        )

    def reviews_in(self, outcome_pk: int) -> list[int]:
        """Give the panels on which the person reviews this outcome."""
        return [
            panel
            for panel, role in self.places.items()
            if role in {Role.CHAIR, Role.REVIEWER} and outcome_pk in self.remits[panel]
        ]


@dataclass(frozen=True)
class _Around:
    """What the frame of a page shows of somebody."""

    home: Organisation | None
    libraries: list[Organisation]
    keeps_people: bool


def answer(deed: Deed, roles: Iterable[Role], when: Phase | State) -> Answer:
    """Read one cell of the access table: may somebody with these roles do this in this phase or state?"""
    rule = TABLE[deed]
    held = [role for role in roles if role in rule.who]
    if any(when in rule.who[role] for role in held):
        return YES
    if held:
        return Answer(False, rule.not_now.get(when, rule.not_you), rule.hides is Hides.ALWAYS)
    return Answer(False, rule.not_you, rule.hides is not Hides.NOTHING)


class Access:
    """What one person may do. Made for a request, a mail or a task, and not kept longer."""

    def __init__(self, user: User | AnonymousUser) -> None:
        self.user = user
        self._user_pk = user.pk or 0
        self._standings: dict[int, Standing] = {}
        self._conflicts: dict[int, dict[int, str]] = {}
        self._organisation_roles: dict[int, frozenset[Role]] = {}
        self._roles_to_organisations: dict[int, frozenset[Role]] = {}

    # What may be fetched at all

    def assessments(self) -> QuerySet[Assessment]:
        """Give the assessments that the person may open, through guardian."""
        if not self.user.is_authenticated:
            return Assessment.objects.none()
        return queries.open_assessments(self.user)

    def organisations(self) -> QuerySet[Organisation]:
        """Give the organisations whose pages the person may open, through guardian."""
        if not self.user.is_authenticated:
            return Organisation.objects.none()
        return queries.open_organisations(self.user)

    def all_assessments(self) -> list[Assessment]:
        """Give all of assessments(), with what names them (one query)."""
        return list(queries.all_assessments(self._user_pk)) if self.user.is_authenticated else []

    def all_organisations(self) -> list[Organisation]:
        """Give all of organisations() (one query)."""
        return list(queries.all_organisations(self._user_pk)) if self.user.is_authenticated else []

    def libraries(self) -> list[Organisation]:
        """Give the organisations whose evidence library the person may see, as Deed.SEE_LIBRARY answers."""
        return self._around.libraries

    def keeps_people(self) -> bool:
        """Say whether the person keeps any list of people: an organisation's, or a panel's."""
        return self._around.keeps_people

    def home_organisation(self) -> Organisation | None:
        """Give the organisation that the person belongs to, the first joined where there are several."""
        return self._around.home

    @cached_property
    def _around(self) -> _Around:
        """What the frame of every page shows of the person (one query, then remembered)."""
        if not self.user.is_authenticated:
            return _Around(None, [], False)
        places = queries.memberships(self._user_pk)
        keeping = queries.one_kept_place(self._user_pk)
        libraries = queries.libraries(self._user_pk)
        fill([places, keeping, libraries])
        home = next((place.organisation for place in places), None)
        leading = any(place.role in queries.LEADING for place in places)
        return _Around(home, list(libraries), leading or bool(keeping))

    def kept_panels(self) -> QuerySet[Panel]:
        """Give the panels whose list of people the person keeps or kept, the newest assessment first (one query)."""
        return (
            Panel.objects.filter(members__in=queries.kept_places(self._user_pk), assessment__in=self.assessments())
            .select_related("assessment__organisation", "assessment__framework")
            .order_by("-assessment__year", "assessment__pk", "name", "pk")
        )

    def editions(self, deed: Deed) -> list[FrameworkRevision]:
        """Give the newest revision of every edition, for a deed on editions (one query)."""
        enforce(self._may_edition(deed))
        return list(latest_revisions())

    def edition(self, deed: Deed, code: str) -> FrameworkRevision:
        """Fetch the newest revision of an edition by its code, for a deed on editions."""
        enforce(self._may_edition(deed))
        found = latest_revisions().filter(framework__code=code).first()
        if found is None:
            raise Http404
        return found

    def site(self, deed: Deed) -> None:
        """Let through whoever runs the installation, for a deed on the whole site; raise PermissionDenied otherwise."""
        enforce(self._may_edition(deed))

    def _may_edition(self, deed: Deed) -> Answer:
        # Whether somebody runs the installation is asked of the log-in alone; what it lets them do stands in the table.
        runs_it = self.user.is_authenticated and self.user.is_staff
        return answer(deed, {Role.SITE_ADMINISTRATOR} if runs_it else (), State.OPEN)

    def may_load_criteria(self) -> Answer:
        """Answer whether the person may load official criteria (no query)."""
        return self._may_edition(Deed.LOAD_CRITERIA)

    def may_see_failed_mails(self) -> Answer:
        """Answer whether the person may see which mails failed, with their addresses (no query)."""
        return self._may_edition(Deed.SEE_FAILED_MAILS)

    # Who the person is

    def standing(self, assessment: Assessment) -> Standing:
        """Say who the person is to an assessment (one query, then remembered)."""
        if assessment.pk not in self._standings:
            self.remember([assessment])
        return self._standings[assessment.pk]

    def remember(self, assessments: Iterable[Assessment]) -> None:
        """Read who the person is to several assessments at once (one query, however many)."""
        assessments = list(assessments)
        organisations: dict[int, set[Role]] = {each.organisation_id: set() for each in assessments}
        memberships = queries.roles_in(self._user_pk, organisations)
        on_panels = queries.places_in(self._user_pk, assessments)
        contributions = queries.contributions_to(self._user_pk, assessments)
        fill([memberships, on_panels, contributions])
        for organisation, role in memberships:
            organisations[organisation].add(_MEMBERSHIP_ROLES[role])
        self._organisation_roles.update({pk: frozenset(roles) for pk, roles in organisations.items()})
        places: dict[int, dict[int, Role]] = {each.pk: {} for each in assessments}
        remits: dict[int, dict[int, set[int]]] = {each.pk: {} for each in assessments}
        contributes_to: dict[int, set[int]] = {each.pk: set() for each in assessments}
        for assessment, outcome in contributions:
            contributes_to[assessment].add(outcome)
        for assessment, role, panel, outcome in on_panels:
            places[assessment][panel] = _PANEL_ROLES[role]
            remits[assessment].setdefault(panel, set()).add(outcome)
        for each in assessments:
            self._standings[each.pk] = Standing(
                organisation_roles=self._organisation_roles[each.organisation_id],
                places=places[each.pk],
                remits={panel: frozenset(outcomes) for panel, outcomes in remits[each.pk].items()},
                contributes_to=frozenset(contributes_to[each.pk]),
            )

    def remember_organisations(self, organisations: Iterable[Organisation]) -> None:
        """Read who the person is to several organisations at once (one query, however many)."""
        roles: dict[int, set[Role]] = {each.pk: set() for each in organisations}
        memberships = queries.roles_in(self._user_pk, roles)
        contributions = queries.contributions_in(self._user_pk, roles)
        on_panels = queries.places_with(self._user_pk, roles)
        fill([memberships, contributions, on_panels])
        for organisation, role in memberships:
            roles[organisation].add(_MEMBERSHIP_ROLES[role])
        for organisation in contributions:
            roles[organisation].add(Role.CONTRIBUTOR)
        for organisation, role in on_panels:
            roles[organisation].add(_PANEL_ROLES[role])
        self._roles_to_organisations.update({pk: frozenset(held) for pk, held in roles.items()})

    def roles_in(self, organisation_pk: int) -> frozenset[Role]:
        """Give the person's roles in an organisation (one query, then remembered)."""
        if organisation_pk not in self._organisation_roles:
            held = queries.roles_in(self._user_pk, [organisation_pk])
            self._organisation_roles[organisation_pk] = frozenset(_MEMBERSHIP_ROLES[role] for _, role in held)
        return self._organisation_roles[organisation_pk]

    def conflict(self, assessed_outcome: AssessedOutcome) -> str:
        """Say why the person may not review an outcome although on its panel, or "" (one query an assessment)."""
        assessment = assessed_outcome.assessment
        if self.standing(assessment).organisation_roles & (BOARDROOM | {Role.LEAD}):
            return OWN_ORGANISATION
        if assessment.pk not in self._conflicts:
            assert isinstance(self.user, User)
            self._conflicts[assessment.pk] = contracts.conflicts(self.user, assessment)
        return self._conflicts[assessment.pk].get(assessed_outcome.pk, "")

    # Questions

    def may(self, deed: Deed, subject: Organisation | Assessment | Round | AssessedOutcome | Panel) -> Answer:
        """Answer whether the person may do this to that."""
        if isinstance(subject, AssessedOutcome):
            return self._may_outcome(deed, subject)
        if isinstance(subject, Organisation):
            return answer(deed, self.roles_to(subject), State.OPEN)
        assessment = subject if isinstance(subject, Assessment) else subject.assessment
        standing = self.standing(assessment)
        roles = standing.to_panel(subject.pk) if isinstance(subject, Panel) else standing.to_assessment()
        return answer(deed, roles, State(assessment.state))

    def roles_to(self, organisation: Organisation) -> frozenset[Role]:
        """Give all roles towards an organisation: in it, on its panels, as a contributor (one query, then remembered)."""
        if organisation.pk not in self._roles_to_organisations:
            self.remember_organisations([organisation])
        return self._roles_to_organisations[organisation.pk]

    def may_as(self, deed: Deed, subject: Assessment, *more: Role) -> Answer:
        """Answer for a deed on something in an assessment to which the person is also this, such as its owner."""
        return answer(deed, self.standing(subject).to_assessment() | set(more), State(subject.state))

    def may_for_panel(self, deed: Deed, outcome: AssessedOutcome, panel: Panel) -> Answer:
        """Answer for a deed on one panel's part of an outcome, such as recording the panel's grade."""
        return answer(deed, self.standing(outcome.assessment).to_panel(panel.pk), phase_asked(deed, outcome))

    def _may_outcome(self, deed: Deed, outcome: AssessedOutcome) -> Answer:
        roles = self.standing(outcome.assessment).to_outcome(outcome.pk)
        found = answer(deed, roles, phase_asked(deed, outcome))
        if not found and deed in _PROPOSAL_IN_VIEW and roles & PANEL and _in_view(outcome):
            return YES
        if found and deed is Deed.REVIEW:
            conflict = self.conflict(outcome)
            if conflict:
                return Answer(False, conflict)
        return found

    def on(self, subject: Any) -> Answers:
        """Give all answers about one thing, for templates: `{% if may.propose_grade %}`."""
        return Answers(self, subject)

    # Fetching is authorising

    def require(self, deed: Deed, subject: Any) -> None:
        """Let through, or raise Http404 where the thing is hidden, PermissionDenied with the sentence otherwise."""
        enforce(self.may(deed, subject))

    def organisation(self, deed: Deed, public_id: str) -> Organisation:
        """Fetch an organisation for a deed."""
        return self._allowed(deed, self._found(queries.one_organisation, public_id))

    def assessment(self, deed: Deed, public_id: str) -> Assessment:
        """Fetch an assessment for a deed."""
        return self._allowed(deed, self._found(queries.one_assessment, public_id))

    def panel_of(self, deed: Deed, outcome_id: str, panel_id: str) -> tuple[AssessedOutcome, Panel]:
        """Fetch an outcome and a panel whose remit covers it, for a deed on the panel's part of the outcome."""
        outcome = self._found(queries.one_outcome, outcome_id)
        panel = queries.covering_panel(outcome, panel_id).first() if outcome else None
        if outcome is None or panel is None:
            raise Http404
        found = self.may_for_panel(deed, outcome, panel)
        if found and deed is Deed.REVIEW:
            found = self.may(deed, outcome)
        enforce(found)
        return outcome, panel

    def round(self, deed: Deed, public_id: str) -> Round:
        """Fetch a round for a deed."""
        return self._allowed(deed, self._found(queries.one_round, public_id))

    def panel(self, deed: Deed, public_id: str) -> Panel:
        """Fetch a panel for a deed."""
        return self._allowed(deed, self._found(queries.one_panel, public_id))

    def outcome(self, deed: Deed, public_id: str) -> AssessedOutcome:
        """Fetch an assessed outcome for a deed."""
        return self._allowed(deed, self._found(queries.one_outcome, public_id))

    def _found(self, which: Prepared[Any], public_id: str) -> Any:
        return which(self._user_pk, public_id).first() if self.user.is_authenticated else None

    def _allowed(self, deed: Deed, found: Any) -> Any:
        if found is None:
            raise Http404
        self.require(deed, found)
        return found


class Answers:
    """All answers about one thing, looked up by the deed's name and remembered."""

    def __init__(self, access: Access, subject: Any) -> None:
        self._access = access
        self._subject = subject
        self._found: dict[str, Answer] = {}

    def __getitem__(self, name: str) -> Answer:
        if name not in self._found:
            if name not in _DEED_NAMES:
                # Not a LookupError: templates would swallow it and never show the button.
                raise RuntimeError(f"No deed is called {name!r}.")
            self._found[name] = self._access.may(Deed(name), self._subject)
        return self._found[name]


def enforce(found: Answer) -> None:
    """Let a yes through; raise Http404 for a hidden no, PermissionDenied with its sentence for another."""
    if found:
        return
    if found.hidden:
        raise Http404
    raise PermissionDenied(found.sentence)


def phase_of(outcome: AssessedOutcome) -> Phase:
    """Give the phase that a deed on an outcome asks. Without a round it is preparing while the assessment is open."""
    if outcome.round is not None:
        return Phase(outcome.round.phase)
    return Phase.PREPARING if outcome.assessment.state == State.OPEN else Phase.AGREED


def phase_asked(deed: Deed, outcome: AssessedOutcome) -> Phase:
    """Give the phase in which a deed on an outcome is judged.

    What has been revealed stays revealed after a move back (R18): it is judged as if grades were being agreed.
    """
    phase = phase_of(outcome)
    round_ = outcome.round
    if round_ is None or phase in {Phase.AGREEING, Phase.AGREED}:
        return phase
    return Phase.AGREEING if TABLE[deed].stays and round_.reveals > 0 else phase


def _in_view(outcome: AssessedOutcome) -> bool:
    """Say whether the round is declared "proposal in view" and panels are reviewing (R3)."""
    return outcome.round is not None and outcome.round.proposal_in_view and outcome.round.phase == Phase.REVIEWING


def access_of(request: HttpRequest) -> Access:
    """Give the request's one Access."""
    found = getattr(request, "eds_access", None)
    if found is None:
        found = Access(request.user)
        request.eds_access = found  # type: ignore[attr-defined]
    return found

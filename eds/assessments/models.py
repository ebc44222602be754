"""One organisation's yearly run of a framework: rounds, services, outcomes, panels, contributors."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from eds.frameworks.models import CriteriaSet, Framework, FrameworkRevision, Outcome
from eds.history.models import AppendOnly, Tracked, TrackedQuerySet, seq_constraint
from eds.people.models import Organisation
from eds.ui.ids import public_id_field


class Phase(models.TextChoices):
    """Where a round stands (R18)."""

    PREPARING = "preparing", "Preparing"
    REVIEWING = "reviewing", "Reviewing"
    AGREEING = "agreeing", "Agreeing"
    AGREED = "agreed", "Agreed"


PHASES = list(Phase)


class State(models.TextChoices):
    """Where a whole assessment stands (R18)."""

    OPEN = "open", "Open"
    IN_SIGN_OFF = "in_sign_off", "In sign-off"
    PUBLISHED = "published", "Published"


class ServicesRule(models.TextChoices):
    """How three or more services become a domain's score (R8)."""

    MEDIAN_OF_TOTALS = "median_of_totals", "The median of the services' totals"
    SUM_OF_MEDIANS = "sum_of_medians", "The sum of the medians per outcome"


class TwoServicesRule(models.TextChoices):
    """How two services become a domain's score (R8)."""

    MEAN = "mean", "The mean of the two"
    LOWER = "lower", "The lower of the two"


class Assessment(Tracked):
    """One organisation's yearly run of one framework. `year` is the year it starts in: 2026 shows as 2026-27."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="assessments")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey(FrameworkRevision, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, choices=State.choices, default=State.OPEN, editable=False)
    sign_off_by = models.DateField(null=True, blank=True)
    publish_by = models.DateField(null=True, blank=True)
    services_rule = models.CharField(max_length=20, choices=ServicesRule.choices, default=ServicesRule.MEDIAN_OF_TOTALS)
    two_services_rule = models.CharField(max_length=10, choices=TwoServicesRule.choices, default=TwoServicesRule.MEAN)

    class Meta:
        ordering = ["-year", "framework__position"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "framework", "year"], name="assessment_once_a_year"),
            models.CheckConstraint(condition=Q(year__gte=2011, year__lte=2100), name="assessment_year_plausible"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="assessment_state_known"),
            models.CheckConstraint(
                condition=Q(services_rule__in=ServicesRule.values, two_services_rule__in=TwoServicesRule.values),
                name="assessment_services_rules_known",
            ),
            models.CheckConstraint(
                condition=Q(sign_off_by__isnull=True)
                | Q(publish_by__isnull=True)
                | Q(publish_by__gte=models.F("sign_off_by")),
                name="assessment_dates_in_order",
            ),
        ]
        # Held through eds.access.grants only; guardian answers "which assessments may I open".
        permissions = [("open_assessment", "May open the assessment")]

    def __str__(self) -> str:
        return f"{self.framework.short_name} {self.year_words}"

    @property
    def year_words(self) -> str:
        """Give the year as people write it: 2026-27."""
        return f"{self.year}-{(self.year + 1) % 100:02d}"


class StateChange(AppendOnly):
    """A move of the whole assessment."""

    seq_within = ("assessment",)

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="state_changes")
    from_state = models.CharField(max_length=20, choices=State.choices)
    to_state = models.CharField(max_length=20, choices=State.choices)

    class Meta:
        constraints = [seq_constraint("statechange", "assessment")]


class Round(Tracked):
    """Some outcomes of an assessment, graded together by some panels."""

    class DifferRule(models.TextChoices):
        """What makes the local interests' grade where panels differ (R5)."""

        LOWER = "lower", "The lower grade counts"
        JOINT = "joint", "The chairs write a joint grade"
        NAMED_PANEL = "named_panel", "One named panel's grade counts"

    public_id = public_id_field()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(max_length=120)
    phase = models.CharField(max_length=20, choices=Phase.choices, default=Phase.PREPARING, editable=False)
    reveals = models.PositiveSmallIntegerField(default=0, editable=False)
    """How often the round has moved to agreeing, which reveals everything. What was revealed stays so (R18)."""
    proposal_in_view = models.BooleanField(default=False)
    differ_rule = models.CharField(max_length=20, choices=DifferRule.choices, default=DifferRule.LOWER)
    named_panel = models.ForeignKey("Panel", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pack_by = models.DateField(null=True, blank=True)
    """By when panels have the evidence, two weeks before they grade."""
    review_by = models.DateField(null=True, blank=True)
    agree_by = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "name"], name="round_name_unique"),
            models.UniqueConstraint(fields=["assessment", "position"], name="round_position_unique"),
            models.CheckConstraint(condition=Q(phase__in=Phase.values), name="round_phase_known"),
            models.CheckConstraint(
                condition=Q(differ_rule="named_panel", named_panel__isnull=False)
                | (~Q(differ_rule="named_panel") & Q(named_panel__isnull=True)),
                name="round_named_panel_where_the_rule_names_one",
            ),
            models.CheckConstraint(
                condition=Q(review_by__isnull=True) | Q(agree_by__isnull=True) | Q(agree_by__gte=models.F("review_by")),
                name="round_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(pack_by__isnull=True) | Q(review_by__isnull=True) | Q(review_by__gte=models.F("pack_by")),
                name="round_evidence_before_reviews",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PhaseChange(AppendOnly):
    """A move of a round from one phase to another. `Round.phase` follows the last one; a trigger sees to it."""

    seq_within = ("round",)

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="phase_changes")
    from_phase = models.CharField(max_length=20, choices=Phase.choices)
    to_phase = models.CharField(max_length=20, choices=Phase.choices)
    criteria = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """On opening: the official criteria that reviewers see from then on (R9); None where none were loaded."""

    class Meta:
        constraints = [
            seq_constraint("phasechange", "round"),
            models.CheckConstraint(condition=~Q(from_phase=models.F("to_phase")), name="phasechange_moves"),
            models.CheckConstraint(
                condition=Q(criteria__isnull=True) | Q(from_phase="preparing", to_phase="reviewing"),
                name="phasechange_criteria_on_opening",
            ),
        ]


class Service(Tracked):
    """A service that domain 1 of EDS 2022 is graded on, and why it was chosen (R8)."""

    public_id = public_id_field()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=200)
    why_chosen = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "name"], name="service_name_unique"),
            models.UniqueConstraint(fields=["assessment", "position"], name="service_position_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class AssessedOutcomeQuerySet(TrackedQuerySet[Any]):
    """Outcomes of assessments, with what was decided of their scope."""

    def with_scope(self) -> AssessedOutcomeQuerySet:
        """Annotate `scope` (in_scope unless the latest decision says otherwise) and `scope_reason`."""
        latest = ScopeDecision.objects.filter(assessed_outcome=models.OuterRef("pk")).order_by("-seq")
        return self.annotate(
            scope=Coalesce(
                models.Subquery(latest.values("scope")[:1]),
                models.Value(ScopeDecision.Scope.IN_SCOPE.value),
                output_field=models.CharField(),
            ),
            scope_reason=Coalesce(
                models.Subquery(latest.values("reason")[:1]), models.Value(""), output_field=models.TextField()
            ),
        )

    def in_scope(self) -> AssessedOutcomeQuerySet:
        """Keep those that are graded this year."""
        return self.with_scope().filter(scope=ScopeDecision.Scope.IN_SCOPE)

    def in_order(self) -> AssessedOutcomeQuerySet:
        """Order as the framework does, then by service."""
        return self.order_by("outcome__goal__position", "outcome__position", "service__position")


class AssessedOutcome(Tracked):
    """An outcome in an assessment, one per service where the framework asks for services."""

    public_id = public_id_field()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="outcomes")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes")

    # Annotated by with_scope()
    scope: str
    scope_reason: str

    objects: ClassVar[Any] = AssessedOutcomeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "outcome"], condition=Q(service__isnull=True), name="outcome_once"
            ),
            models.UniqueConstraint(
                fields=["assessment", "outcome", "service"],
                condition=Q(service__isnull=False),
                name="outcome_once_a_service",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outcome.code} {self.service}" if self.service else self.outcome.code


class ScopeDecision(AppendOnly):
    """Whether an outcome is graded this year; left out or not applicable only with a reason (R9)."""

    class Scope(models.TextChoices):
        IN_SCOPE = "in_scope", "In scope"
        LEFT_OUT = "left_out", "Left out"
        NOT_APPLICABLE = "not_applicable", "Not applicable"

    seq_within = ("assessed_outcome",)

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="scope_decisions")
    scope = models.CharField(max_length=20, choices=Scope.choices)

    class Meta:
        constraints = [
            seq_constraint("scopedecision", "assessed_outcome"),
            models.CheckConstraint(condition=Q(scope="in_scope") | ~Q(reason=""), name="left_out_has_a_reason"),
        ]


class PanelKind(models.Model):
    """A kind of local interest; an editable list. `of_the_community`: an employee never chairs such a panel."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    of_the_community = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class PanelManager(models.Manager.from_queryset(TrackedQuerySet)):  # type: ignore[misc]
    """Panels that take part; those removed before they opened are kept for the record only."""

    def get_queryset(self) -> Any:
        """Leave removed panels out."""
        return super().get_queryset().filter(removed_on__isnull=True)


class Panel(Tracked):
    """A review panel: one local interest. Its remit is the outcomes that it grades."""

    class Rule(models.TextChoices):
        """How its reviews become its grade (R5)."""

        CONSENSUS = "consensus", "Consensus: the chair records the panel's grade"
        MAJORITY = "majority", "Majority"
        MEDIAN = "median", "Median, the lower of two middle grades"

    public_id = public_id_field()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="panels")
    kind = models.ForeignKey(PanelKind, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    quorum = models.PositiveSmallIntegerField(default=3)
    rule = models.CharField(max_length=20, choices=Rule.choices, default=Rule.CONSENSUS)
    removed_on = models.DateField(null=True, blank=True, editable=False)

    objects: ClassVar[Any] = PanelManager()
    with_removed: ClassVar[Any] = TrackedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "name"], condition=Q(removed_on__isnull=True), name="panel_name_unique"
            ),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="panel_quorum_at_least_one"),
        ]

    def __str__(self) -> str:
        return self.name


class PanelRemit(models.Model):
    """An outcome that a panel grades."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="remit")
    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="remits")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "assessed_outcome"], name="remit_once")]


class PanelMember(Tracked):
    """A person on a panel. The chair is a member and reviews too (R5); an organiser need not be a reviewer."""

    class Role(models.TextChoices):
        REVIEWER = "reviewer", "Reviewer"
        CHAIR = "chair", "Chair"
        ORGANISER = "organiser", "Organiser"

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panel_places")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.REVIEWER)
    left_on = models.DateField(null=True, blank=True)
    public_id = public_id_field()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "user"], condition=Q(left_on__isnull=True), name="panel_member_once"
            ),
            models.UniqueConstraint(
                fields=["panel"], condition=Q(left_on__isnull=True, role="chair"), name="one_chair_a_panel"
            ),
        ]


class PanelChange(AppendOnly):
    """Somebody joined or left a panel. Once a round of the panel has opened, the panel sees why and the report prints it.

    The row names no person to those who read it (R21): `member` is for the record alone.
    """

    class Change(models.TextChoices):
        JOINED = "joined", "joined"
        LEFT = "left", "left"

    seq_within = ("panel",)

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="changes")
    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="+")
    change = models.CharField(max_length=20, choices=Change.choices)
    after_opening = models.BooleanField()

    class Meta:
        constraints = [
            seq_constraint("panelchange", "panel"),
            models.CheckConstraint(
                condition=Q(after_opening=False) | ~Q(reason=""), name="panel_change_after_opening_has_a_reason"
            ),
        ]

    @property
    def words(self) -> str:
        """Give the change without a name: "A reviewer joined: …"."""
        article = "An" if self.member.role == PanelMember.Role.ORGANISER else "A"
        return f"{article} {self.member.get_role_display().lower()} {self.change}: {self.reason}"


class GroundsChange(AppendOnly):
    """After a round had opened, something changed on which grades rest: a panel's remit, rule, quorum or name, or what
    makes the local interests' grade where panels differ (R12). Possible only after a move back to preparing.

    The panel sees it with `reason`, and the report prints it. Exactly one of `panel` and `round` is set.
    """

    seq_within = ("assessment",)

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="grounds_changes")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, null=True, related_name="grounds_changes")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, null=True, related_name="grounds_changes")
    what = models.CharField(max_length=80)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        constraints = [
            seq_constraint("groundschange", "assessment"),
            models.CheckConstraint(condition=~Q(reason=""), name="grounds_change_has_a_reason"),
            models.CheckConstraint(
                condition=Q(panel__isnull=True, round__isnull=False) | Q(panel__isnull=False, round__isnull=True),
                name="grounds_change_of_a_panel_or_a_round",
            ),
        ]

    @property
    def words(self) -> str:
        """Give the change in a sentence: "The quorum was 3 and is 2 now: …"."""
        was = f"was {self.before} and is {self.after} now" if self.before else f"is {self.after} now"
        return f"{self.what} {was}: {self.reason}"


class Contributor(Tracked):
    """A lead contact of an outcome, "for what"; may come from another organisation."""

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="contributors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contributions")
    for_what = models.CharField(max_length=200, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    public_id = public_id_field()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessed_outcome", "user"],
                condition=Q(ended_on__isnull=True),
                name="contributor_once_an_outcome",
            ),
        ]


class EngagementEvent(Tracked):
    """A meeting or event with local people in the year of an assessment: who, how many, what was heard, what changed.

    It stands here and not with the reports, since evidence packs and reports both print it.
    """

    public_id = public_id_field()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="engagement_events")
    name = models.CharField(max_length=200)
    held_on = models.DateField()
    groups = models.TextField()
    numbers = models.CharField(max_length=200, blank=True)
    heard = models.TextField(blank=True)
    changed = models.TextField(blank=True)
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(groups=""), name="engagement_names_its_groups"),
        ]

    def __str__(self) -> str:
        return self.name

"""What stands beside the assessment: another trust's, and last year's."""

from __future__ import annotations

import datetime

from eds.assessments import domain as assessments
from eds.assessments.models import PanelKind, PanelMember, Phase
from eds.history.models import today
from evidence import domain as evidence
from evidence.models import OfferDecision
from grading import domain as grading
from grading.domain import FactorReason
from tests.world import A, D, World, person

from .evidence import file, text
from .table import NAMES, WORDS


def another_trust(world: World) -> None:
    """Another trust with an assessment of its own in reviewing."""
    lead = world.outsider
    assessment = assessments.open_assessment(
        actor=lead, organisation=world.other_trust, revision=world.revision, year=2026
    )
    rows = list(assessment.outcomes.select_related("outcome").in_order())
    kept = next(row for row in rows if row.outcome.code == "4.1")
    assessments.leave_out(actor=lead, outcomes=[row for row in rows if row != kept], reason="One only.")
    round_ = assessments.plan_round(
        actor=lead,
        assessment=assessment,
        plan=assessments.RoundPlan("Only", [kept], agree_by=today() + datetime.timedelta(days=20)),
    )
    panel = assessments.add_panel(
        actor=lead,
        assessment=assessment,
        plan=assessments.PanelPlan("Patients", PanelKind.objects.get(code="staff-side"), [kept], quorum=1),
    )
    assessments.add_panel_member(actor=lead, panel=panel, user=person("Petra Patient"), role=PanelMember.Role.CHAIR)
    kept.assessment, kept.round = assessment, round_
    world.made["other item"] = evidence.write_and_cite(
        actor=lead,
        assessed_outcome=kept,
        content=text("other"),
        files=file("other"),  # type: ignore[arg-type]
    )
    grading.propose_grade(
        actor=lead,
        assessed_outcome=kept,
        grade=world.grade(A),
        reasons=[FactorReason("outcome", "Outcome", WORDS["other-proposal"])],
    )
    world.made |= {"other outcome": kept, "other assessment": assessment, "other panel": panel, "other round": round_}
    assessments.move_phase(actor=lead, round=round_, to_phase=Phase.REVIEWING)


def last_year(world: World) -> None:
    """Last year, opened: its chair was named by the lead, its organiser by the chair; it cited what waits for a decision."""
    lead = world.lead
    last = assessments.open_assessment(
        actor=lead, organisation=world.trust, revision=world.revision, year=world.assessment.year - 1
    )
    rows = list(last.outcomes.select_related("outcome").in_order())
    kept = next(row for row in rows if row.outcome.code == "4.1")
    assessments.leave_out(actor=lead, outcomes=[row for row in rows if row != kept], reason="One only.")
    plan = assessments.RoundPlan("Last year", [kept], agree_by=today() + datetime.timedelta(days=20))
    round_ = assessments.plan_round(actor=lead, assessment=last, plan=plan)
    panel = assessments.add_panel(
        actor=lead,
        assessment=last,
        plan=assessments.PanelPlan("Last panel", PanelKind.objects.get(code="staff-side"), [kept], quorum=1),
    )
    chair, organiser = (person(f"Pat {NAMES[label]}") for label in ("last-chair", "last-organiser"))
    assessments.add_panel_member(actor=lead, panel=panel, user=chair, role=PanelMember.Role.CHAIR)
    assessments.add_panel_member(actor=chair, panel=panel, user=organiser, role=PanelMember.Role.ORGANISER)
    kept.assessment, kept.round = last, round_
    texts = [f"About {WORDS['offered-title']}", "Once more"]
    items = [
        evidence.write_and_cite(actor=lead, assessed_outcome=kept, content=evidence.EvidenceText(title, "Words."))
        for title in texts
    ]
    evidence.write_summary(actor=lead, assessed_outcome=kept, text="In short.")
    grading.propose_grade(
        actor=lead,
        assessed_outcome=kept,
        grade=world.grade(D),
        reasons=[FactorReason("outcome", "Outcome", "As it was.")],
    )
    assessments.move_phase(actor=lead, round=round_, to_phase=Phase.REVIEWING)
    OfferDecision.append(
        actor=lead,
        assessed_outcome=world.outcomes["4.1"],
        item=items[1],
        choice="drop",
        reason=f"Dropped for {WORDS['dropped-why']}.",
    )

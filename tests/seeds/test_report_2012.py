"""The whole report of January 2012 through the verbs that the screens call: first as it is, then as if panels had graded."""

from __future__ import annotations

import datetime
import re
import subprocess
from collections.abc import Sequence

import pytest

from eds.assessments import domain as assessments
from eds.assessments.models import AssessedOutcome, Assessment, PanelKind, PanelMember, Phase, Round, State
from eds.frameworks.models import Factor, Outcome
from eds.history.models import today
from eds.people.models import Membership, User
from evidence import domain as evidence
from evidence.models import EvidenceItem
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import AgreedGrade, LocalInterestsGrade, ProposedGrade
from grading.queries import outcome_grades
from grading.rules import Basis
from reports import domain as reports
from reports.checks import run_checks
from reports.models import SignOff
from reports.payload import build_content, canonical, content_hash
from reports.rendering import render_pdf
from tests.world import World, member, person

from . import report_2012

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not report_2012.FILE.exists(), reason="The seeds are not beside this repository."),
]

NOT_GRADED = "The grading event came after the report, so these are proposals."
LINK, STAFF_SIDE = "The LINk", "Staff side"
REMITS = {LINK: "124", STAFF_SIDE: "34"}
BODY_OF_A_PAGE = ["-raw", "-r", "72", "-x", "0", "-y", "66", "-W", "595", "-H", "714"]


@pytest.fixture(scope="module")
def printed() -> list[report_2012.Printed]:
    return report_2012.read_outcomes()


def test_it_is_read_as_it_is_printed(printed: list[report_2012.Printed]) -> None:
    assert [each.code for each in printed] == [
        f"{goal}.{number}" for goal, many in ((1, 5), (2, 4), (3, 6), (4, 3)) for number in range(1, many + 1)
    ]
    assert {each.code for each in printed if each.grade == "achieving"} == {"1.1", "3.5", "4.1"}
    assert [each.grade for each in printed].count("developing") == 15
    assert [each.code for each in printed if each.grade_on_next_line] == ["2.4", "4.3"]
    assert all(each.contacts and each.narrative and each.conclusion for each in printed)
    assert {each.code: _missing(each) for each in printed if _missing(each)} == {
        "1.5": {"outcome"},
        "4.1": {"progression plans", "disadvantaged groups"},
        "4.3": {*_FACTORS},
    }
    assert {each.code: _added(each) for each in printed if _added(each)} == {
        "4.1": ["Data and evidence"],
        "4.3": ["Reasons"],
    }
    assert {each.code for each in printed if _names_another_grade(each)} == {"1.1", "3.4"}


def test_half_of_the_wordings_are_not_the_official_ones(world: World, printed: list[report_2012.Printed]) -> None:
    official = {each.code: each.text for each in Outcome.objects.filter(goal__revision=world.revision)}
    assert [each.code for each in printed if _bare(each.wording) != _bare(official[each.code])] == [
        "1.2", "1.3", "2.2", "2.3", "3.4", "3.5", "4.1", "4.2", "4.3",
    ]  # fmt: skip


def _bare(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


_FACTORS = ["outcome", "engagement", "mainstream processes", "progression plans", "disadvantaged groups"]


def _missing(each: report_2012.Printed) -> set[str]:
    return {*_FACTORS} - {heading.lower() for heading, _ in each.reasons}


def _added(each: report_2012.Printed) -> list[str]:
    return [heading for heading, _ in each.reasons if heading.lower() not in _FACTORS]


def _names_another_grade(each: report_2012.Printed) -> bool:
    named = re.findall(r"undeveloped|developing|achieving|excelling", each.conclusion)
    return each.grade not in named


def test_as_it_is_it_holds_proposals_only(world: World, printed: list[report_2012.Printed]) -> None:
    assessment = _enter(world, printed)
    round_ = _move(world, assessment, Phase.REVIEWING, Phase.AGREEING)
    for outcome in _outcomes(assessment):
        grading.record_not_graded(actor=world.lead, assessed_outcome=outcome, reason=NOT_GRADED)
    round_ = assessments.move_phase(actor=world.lead, round=round_, to_phase=Phase.AGREED)
    assert round_.phase == Phase.AGREED
    found = outcome_grades(_outcomes(assessment)).values()
    assert len(found) == 18
    for grades in found:
        assert grades.proposal is not None
        assert (grades.local, grades.agreed, grades.basis) == (None, None, None)
        assert grades.closed
    in_it = AssessedOutcome.objects.filter(assessment=assessment)
    assert ProposedGrade.objects.filter(assessed_outcome__in=in_it).count() == 18
    assert not LocalInterestsGrade.objects.filter(assessed_outcome__in=in_it).exists()
    assert not AgreedGrade.objects.filter(assessed_outcome__in=in_it).exists()

    text = _text_of(_publish(world, assessment))
    assert "0 of 18 outcomes were graded by local interests." in text
    assert "No outcome was graded by local interests this year." in text
    assert "No panel graded this year." in text
    assert text.count(NOT_GRADED) == 18
    assert "overall rating" not in text.lower()
    # each is printed with its proposal, and at a glance without a grade
    assert text.count("What the organisation proposed") == 18
    assert text.count("No panel graded it") == 18
    _assert_in_order(text, printed)


def test_with_panels_it_is_published(world: World, printed: list[report_2012.Printed]) -> None:
    assessment = _enter(world, printed)
    chairs = {LINK: world.community_chair, STAFF_SIDE: world.staff_chair}
    panels = {}
    for name, kind in ((LINK, "patients-and-communities"), (STAFF_SIDE, "staff-side")):
        remit = [outcome for outcome in _outcomes(assessment) if outcome.outcome.code[0] in REMITS[name]]
        panels[name] = assessments.add_panel(
            actor=world.lead,
            assessment=assessment,
            plan=assessments.PanelPlan(name=name, kind=PanelKind.objects.get(code=kind), outcomes=remit, quorum=1),
        )
        assessments.add_panel_member(
            actor=world.lead, panel=panels[name], user=chairs[name], role=PanelMember.Role.CHAIR
        )
    grades = {each.code: world.grade(each.grade) for each in printed}
    round_ = _move(world, assessment, Phase.REVIEWING)
    for verb in (grading.submit_review, grading.record_panel_grade):
        for outcome in _outcomes(assessment):
            for name, panel in panels.items():
                if outcome.outcome.code[0] in REMITS[name]:
                    verb(
                        actor=chairs[name],
                        assessed_outcome=outcome,
                        panel=panel,
                        grade=grades[outcome.outcome.code],
                        reason="We read it and agree.",
                    )
        round_ = _move(world, assessment, Phase.AGREEING) if round_.phase == Phase.REVIEWING else round_
    found = outcome_grades(_outcomes(assessment)).values()
    assert {
        each.outcome.outcome.code: each.agreed.local_interests_grade.grade.code for each in found if each.agreed
    } == {each.code: each.grade for each in printed}
    assert {each.basis for each in found} == {Basis.FROM_THE_START}
    _move(world, assessment, Phase.AGREED)
    text = _text_of(_publish(world, assessment))
    assert _refreshed(assessment).state == State.PUBLISHED
    assert "18 of 18 outcomes were graded by local interests." in text
    assert "Not graded" not in text
    _assert_in_order(text, printed)


def _enter(world: World, printed: Sequence[report_2012.Printed]) -> Assessment:
    """Enter the report as the lead and the lead contacts would; a block that stands in several outcomes is one item."""
    assessment = assessments.open_assessment(
        actor=world.lead, organisation=world.trust, revision=world.revision, year=2011
    )
    assessments.plan_round(
        actor=world.lead,
        assessment=assessment,
        plan=assessments.RoundPlan(
            name="All goals", outcomes=_outcomes(assessment), agree_by=today() + datetime.timedelta(days=28)
        ),
    )
    factors = {factor.name.lower(): factor.code for factor in Factor.objects.filter(revision=world.revision)}
    assert set(factors) == {*_FACTORS}
    contacts: dict[str, User] = {}
    items: dict[str, EvidenceItem] = {}
    for outcome, each in zip(_outcomes(assessment), printed, strict=True):
        assert outcome.outcome.code == each.code
        contact = _contact(world, contacts, each.contacts)
        assessments.add_contributor(
            actor=world.lead, assessed_outcome=outcome, user=contact, for_what=" ".join(each.contacts[1:])
        )
        for number, text in enumerate(each.narrative, start=1):
            if text in items:
                evidence.cite(actor=contact, assessed_outcome=outcome, item=items[text])
            else:
                items[text] = evidence.write_and_cite(
                    actor=contact,
                    assessed_outcome=outcome,
                    content=evidence.EvidenceText(f"Outcome {each.code}, part {number}", text),
                )
        grading.propose_grade(
            actor=world.lead,
            assessed_outcome=outcome,
            grade=world.grade(each.grade),
            reasons=[FactorReason(factors.get(heading.lower(), ""), heading, text) for heading, text in each.reasons],
            conclusion=each.conclusion,
        )
    assert len(items) < sum(len(each.narrative) for each in printed)
    return assessment


def _contact(world: World, known: dict[str, User], contacts: Sequence[str]) -> User:
    name = contacts[0]
    if name not in known:
        known[name] = person(f"Contact {len(known)}")
        member(known[name], world.trust, Membership.Role.EMPLOYEE, world.admin)
    return known[name]


def _outcomes(assessment: Assessment) -> list[AssessedOutcome]:
    return list(
        AssessedOutcome.objects.with_scope()
        .filter(assessment=assessment)
        .select_related("assessment__organisation", "round", "outcome__goal", "service")
        .in_order()
    )


def _move(world: World, assessment: Assessment, *phases: Phase) -> Round:
    round_ = Round.objects.get(assessment=assessment)
    for phase in phases:
        round_ = assessments.move_phase(actor=world.lead, round=round_, to_phase=phase)
    return round_


def _refreshed(assessment: Assessment) -> Assessment:
    return Assessment.objects.select_related("organisation", "framework", "revision__framework").get(pk=assessment.pk)


def _publish(world: World, assessment: Assessment) -> bytes:
    """Sign off, publish, and render the stored payload as the worker does."""
    seen = content_hash(canonical(build_content(_refreshed(assessment))))
    reports.decide_sign_off(
        actor=world.sponsor, assessment=_refreshed(assessment), decision=SignOff.Decision.SIGNED, seen_hash=seen
    )
    with pytest.raises(reports.ChecksOpen):
        reports.publish(actor=world.lead, assessment=_refreshed(assessment))
    _answer(world, assessment)
    publication = reports.publish(actor=world.lead, assessment=_refreshed(assessment))
    return render_pdf(reports.payload_of(publication))


def _answer(world: World, assessment: Assessment) -> None:
    """Answer what the checks ask, a check at a time."""
    waiting: dict[str, dict[str, str]] = {}
    for each in run_checks(_refreshed(assessment)).open:
        waiting.setdefault(each.check.id, {})[each.finding.key] = each.finding.fingerprint
    for check_id, seen in waiting.items():
        reports.answer_checks(
            actor=world.lead,
            assessment=_refreshed(assessment),
            check_id=check_id,
            seen=seen,
            text="It is printed as it was published.",
        )


def _text_of(pdf: bytes) -> str:
    """The text between the running heads and the page numbers, in reading order and with the hyphens at ends of lines."""
    done = subprocess.run(["pdftotext", *BODY_OF_A_PAGE, "-", "-"], input=pdf, capture_output=True, check=True)
    # the marks of lists are drawn after all else on a page; what is read aloud follows the tags instead
    return _in_one_line(done.stdout.decode().replace("•", ""))


def _in_one_line(text: str) -> str:
    """Undo the ends of lines: a hyphen or dash inside a word stays without a space after it."""
    return " ".join(re.sub(r"(?<=\S)([-–/])\s*\n\s*(?=\S)", r"\1", text).split())


def _assert_in_order(text: str, printed: Sequence[report_2012.Printed]) -> None:
    at = 0
    for each in printed:
        for line in (line for block in each.narrative for line in block.splitlines()):
            words = _in_one_line(line.removeprefix("- "))
            found = text.find(words, at)
            assert found >= 0, f"{each.code}: {_where_it_ends(words, text[at:])}"
            at = found + len(words)


def _where_it_ends(words: str, text: str) -> str:
    """Say for a failure how far the words are found, and what stands there instead."""
    far = next(length for length in range(len(words), -1, -1) if words[:length] in text)
    at = text.index(words[:far]) + far
    return f"after {words[max(0, far - 40) : far]!r} comes {text[at : at + 40]!r}, not {words[far : far + 40]!r}"

"""Four invented layouts of a plan, as trusts keep them; and what a file must not do."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from eds.assessments import domain as assessments
from eds.assessments.models import Assessment
from eds.frameworks.queries import latest_revision
from eds.history.errors import DomainError
from objectives.imports import domain
from objectives.imports.models import PlanImport
from objectives.imports.questions import LEAVE_OUT, NONE, UNKNOWN
from objectives.models import ActionOwner, ImprovementAction, PlanObjective, ProgressUpdate
from tests.world import World

from . import built
from .built import MERGED

ESTATES = "Head of Estates\nAccess group\n\nMarch 2027"
PALS = "PALS manager; Carers’ lead\nJune 2027"
COMPLAINTS = "• A form in sign language\n• A number for texts\n\n• A card a year"
NIGHT = "Rest rooms on two sites\n\nHot food at night"
IN_TURN = "Estates Manager\nMay 2026\n\nCatering lead\nJuly 2026"

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@pytest.fixture
def assessment(world: World) -> Assessment:
    revision = latest_revision("eds-2022")
    return assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=revision, year=2026)


def bring_in(
    world: World, assessment: Assessment, file: SimpleUploadedFile, answers: dict[str, list[str]]
) -> PlanImport:
    """Read a file, give these answers to just these questions, and write the plan."""
    read = domain.begin(actor=world.lead, assessment=assessment, uploaded=file)
    domain.keep_answers(plan_import=read, answers=answers)
    read.refresh_from_db()
    assert [question.key for question in domain.preview(read).questions] == list(answers)
    domain.confirm(actor=world.lead, plan_import=read)
    return read


def written() -> list[tuple[str, str, str, list[str], str]]:
    """Give each action: outcome, objective, action, owners, and when."""
    return [
        (
            action.assessed_outcome.outcome.code,
            action.plan_objective.text if action.plan_objective else "",
            action.text,
            [owner.name for owner in action.owners.order_by("pk")],
            str(action.due or action.due_words),
        )
        for action in ImprovementAction.objects.select_related("assessed_outcome__outcome", "plan_objective").order_by(
            "pk"
        )
    ]


def test_a_workbook_with_a_column_for_each_and_merged_cells(world: World, assessment: Assessment) -> None:
    file = built.xlsx(
        [
            ["Improvement plan of the trust"],
            ["EDS outcome", "Aim", "What we will do", "By whom", "By when", "RAG", "Comments"],
            ["2B", "Fewer assaults", "Put two porters on every night", "Head of Estates", "Q3 2026/27", "Green", "Funded"],
            ["", "", "Ask night staff each quarter", "Head of People; Staff side", "ongoing", "Not started", ""],
            ["2C", "Somebody to turn to", "Name a listener on each site", "", "Feb-27", "", ""],
        ],
        merge=["A3:A4", "B3:B4"],
    )  # fmt: skip
    read = bring_in(world, assessment, file, {"who-1.5-0": [UNKNOWN]})
    assert written() == [
        ("2B", "Fewer assaults", "Put two porters on every night", ["Head of Estates"], "December 2026"),
        ("2B", "Fewer assaults", "Ask night staff each quarter", ["Head of People", "Staff side"], "ongoing"),
        ("2C", "Somebody to turn to", "Name a listener on each site", [], "February 2027"),
    ]  # fmt: skip
    assert list(ProgressUpdate.objects.order_by("pk").values_list("status", flat=True)) == ["on_track", "not_started"]
    # What stands in a column that nobody knows is named.
    assert domain.preview(read).unread == ("Improvement plan of the trust", "Funded")


def test_a_csv_of_one_line_an_action(world: World, assessment: Assessment) -> None:
    text = (
        "Outcome;Objective;Action;Lead;Completion date\n"
        "3A: Board members;Directors hear it themselves;Each director visits a network;Chief executive’s office;31/03/2027\n"
        "3A: Board members;;Each visit is written up;Company secretary;Summer 2027\n"
        "3B;Papers say who they touch;;;\n"
        "Something else;Odd one;Leave me out;Nobody;May 2027\n"
    )
    bring_in(
        world,
        assessment,
        built.csv(text, "cp1252"),
        {
            "pair-1.3-0": ["1.2-o0"],
            "due-1.3-0": ["August 2027"],
            "bare-1.4-o0": ["objective"],
            "outcome-1.5": [LEAVE_OUT],
        },
    )
    assert written() == [
        ("3A", "Directors hear it themselves", "Each director visits a network", ["Chief executive’s office"], "March 2027"),
        ("3A", "Directors hear it themselves", "Each visit is written up", ["Company secretary"], "August 2027"),
    ]  # fmt: skip
    assert ImprovementAction.objects.get(text="Each visit is written up").due_words == "Summer 2027"
    assert PlanObjective.objects.filter(actions__isnull=True).get().text == "Papers say who they touch"


def test_a_document_with_a_line_for_each_outcome_and_bullets(world: World, assessment: Assessment) -> None:
    file = built.docx(
        [
            [
                ["What we want to achieve", "How", "Who and when"],
                ["1A: Patients (service users) have required levels of access to the service", "", ""],
                ["Everybody finds the way in", "• Signs in large print\n• A map for wheelchairs", ESTATES],
                ["1D: Patients (service users) report positive experiences of the service", "", ""],
                ["Deaf people can complain\n\nCarers are thanked", COMPLAINTS, PALS],
            ]
        ],
        bullets=True,
    )  # fmt: skip
    second, third = "1.5-o0", "1.5-o1"
    bring_in(
        world, assessment, file, {"pair-1.5-0": [second], "pair-1.5-1": [second], "pair-1.5-2": [third]}
    )  # fmt: skip
    estates, pals = ["Head of Estates", "Access group"], ["PALS manager", "Carers’ lead"]
    assert written() == [
        ("1A", "Everybody finds the way in", "Signs in large print", estates, "March 2027"),
        ("1A", "Everybody finds the way in", "A map for wheelchairs", estates, "March 2027"),
        ("1D", "Deaf people can complain", "A form in sign language", pals, "June 2027"),
        ("1D", "Deaf people can complain", "A number for texts", pals, "June 2027"),
        ("1D", "Carers are thanked", "A card a year", pals, "June 2027"),
    ]
    assert ActionOwner.objects.filter(name="Access group").first().kind == "group"


def test_a_document_that_pairs_owner_and_date_itself(world: World, assessment: Assessment) -> None:
    """One owner and one date for each action, in their order: nothing has to be asked but the names alike."""
    file = built.docx(
        [
            [
                ["Domain", "Outcome", "Objective", "Action", "Owner / completion date"],
                ["Domain 2", "2A", "Staff sleep enough\n\nStaff eat well", NIGHT, IN_TURN],
                [MERGED, "2D", "Staff would send their mother here", "Ask each leaver why", "Estates Manger\nMay 2027"],
                [MERGED, "", "", "Print what they said", "Head of People\nTBC"],
            ]
        ],
        picture=built.png(),
    )  # fmt: skip
    same = "same-Estates Manager|Estates Manger"
    bring_in(world, assessment, file, {"pair-1.4-0": [NONE], same: ["Estates Manager"]})
    assert written() == [
        ("2A", "Staff sleep enough", "Rest rooms on two sites", ["Estates Manager"], "May 2026"),
        ("2A", "Staff eat well", "Hot food at night", ["Catering lead"], "July 2026"),
        ("2D", "Staff would send their mother here", "Ask each leaver why", ["Estates Manager"], "May 2027"),
        ("2D", "", "Print what they said", ["Head of People"], "TBC"),
    ]
    kept = ImprovementAction.history.values_list("history_user", "history_change_reason")
    assert set(kept) == {(world.lead.pk, "Brought in from plan.docx")}


def test_the_same_file_again_writes_nothing_twice(world: World, assessment: Assessment) -> None:
    text = "Outcome,Objective,Action,Owner,Date\n2A,One,Do it,Head of People,May 2027\n"
    bring_in(world, assessment, built.csv(text), {})
    again = domain.begin(actor=world.lead, assessment=assessment, uploaded=built.csv(text))
    assert domain.preview(again).known == {("2A", "Do it")}
    domain.confirm(actor=world.lead, plan_import=again)
    assert (ImprovementAction.objects.count(), PlanObjective.objects.count()) == (1, 1)


def test_what_is_for_every_service_hangs_on_the_first(world: World, assessment: Assessment) -> None:
    for name in ("Maternity", "Eye clinic"):
        plan = assessments.ServicePlan(name=name, why_chosen="Many people use it.")
        assessments.add_service(actor=world.lead, assessment=assessment, plan=plan)
    text = "Outcome,Objective,Action,Owner,Date\n1B,One,Do it,Head of People,May 2027\n"
    bring_in(world, assessment, built.csv(text), {})
    action = ImprovementAction.objects.get()
    assert action.assessed_outcome.service is not None
    assert (action.assessed_outcome.service.name, action.all_services) == ("Maternity", True)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("plan.pdf", b"%PDF-1.4\n1 0 obj\n%%EOF\n"), "Choose a Word document"),
        (SimpleUploadedFile("plan.docx", b"not a document"), "another kind of file"),
        (built.csv("Name,Phone\nA,1\n"), "No table with a column"),
        (built.csv("Action,Owner\n" + "Do it,Me\n" * 2100), "more than 2,000 rows"),
        (built.csv("Action,Owner\n" + f"{'x ' * 60_000},Me\n" * 4), "more text"),
        (built.docx([], before=["A plan without a table"]), "no table"),
    ],
    ids=["pdf", "no document", "other table", "too many rows", "too much text", "no table"],
)
def test_what_is_no_plan(world: World, assessment: Assessment, file: SimpleUploadedFile, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        domain.begin(actor=world.lead, assessment=assessment, uploaded=file)
    assert not PlanImport.objects.exists()


def test_an_answer_that_does_not_fit_is_refused(world: World, assessment: Assessment) -> None:
    text = "Outcome,Objective,Action,Owner,Date\n2A,One,Do it,Head of People,\n"
    read = domain.begin(actor=world.lead, assessment=assessment, uploaded=built.csv(text))
    for wrong in (["soon"], [UNKNOWN, "May 2027"], ["13/2027"]):
        with pytest.raises(DomainError, match="choose one of the answers"):
            domain.keep_answers(plan_import=read, answers={"due-1.2-0": wrong})
    domain.keep_answers(plan_import=read, answers={"due-1.2-0": [UNKNOWN]})
    domain.throw_away(plan_import=read)
    assert not PlanImport.objects.exists()

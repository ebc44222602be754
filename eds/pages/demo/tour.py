"""The demo's tour: what to try first, as whom, and the page where it is tried.

A step's key is all that a browser sends. Where it leads is found here, so that nobody can be sent anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from eds.assessments.models import AssessedOutcome, Assessment, Panel
from eds.people.models import Organisation
from objectives.equality.models import EqualityObjective
from objectives.plan.models import ImprovementAction

from .goals import WAITING
from .people import TRUST

EDITION = "eds-2022"


@dataclass(frozen=True)
class Step:
    """One thing to try: its key, the person's key, a title, what happens, the button's words, and where it leads."""

    key: str
    person: str
    title: str
    words: str
    button: str
    place: Callable[[], str]


PUBLISHED, UNDER_WAY, NEXT = range(3)
"""The demo's years of the edition, from the first published one on: which they are depends on when it was loaded."""


def _year(which: int) -> int:
    mine = Assessment.objects.filter(organisation__name=TRUST, framework__code=EDITION, publications__isnull=False)
    return mine.earliest("year").year + which


def _outcome(which: int, code: str, service: str = "") -> AssessedOutcome:
    found = AssessedOutcome.objects.filter(
        assessment__organisation__name=TRUST,
        assessment__framework__code=EDITION,
        assessment__year=_year(which),
        outcome__code=code,
    )
    return found.get(service__name=service) if service else found.get()


def _outcome_page(which: int, code: str, service: str = "") -> str:
    return reverse("outcome", args=[_outcome(which, code, service).public_id])


def _panel_page(route: str, code: str, panel: str, service: str = "") -> str:
    outcome = _outcome(UNDER_WAY, code, service)
    on_it = Panel.objects.get(assessment_id=outcome.assessment_id, name=panel)
    return reverse(route, args=[outcome.public_id, on_it.public_id])


def _board(which: int) -> str:
    found = Assessment.objects.get(organisation__name=TRUST, framework__code=EDITION, year=_year(which))
    return reverse("assessment", args=[found.public_id])


def _library() -> str:
    return reverse("library", args=[Organisation.objects.get(name=TRUST).public_id])


def _action(starts: str) -> ImprovementAction:
    return ImprovementAction.objects.get(
        assessed_outcome__assessment__organisation__name=TRUST, text__startswith=starts, removed=False
    )


def _felt(starts: str, panel: str) -> str:
    action = _action(starts)
    on_it = Panel.objects.get(assessment=action.assessed_outcome.assessment_id, name=panel)
    return reverse("action-felt", args=[action.public_id, on_it.public_id])


def _decision() -> str:
    objective = EqualityObjective.objects.get(organisation__name=TRUST, headline=WAITING)
    return reverse("objective-decide", args=[objective.public_id])


TOUR = [
    Step(
        "review",
        "staff_reviewer",
        "Give a grade without seeing anybody else's",
        "Marek sits on the staff-side panel. The evidence stands beside his form. The trust's proposal and the other "
        "reviews are hidden from him until reviewing closes, and so is his from them. Choose a grade, give your reasons "
        "and submit.",
        "Grade outcome 3A as Marek",
        lambda: _panel_page("review", "3A", "Staff side"),
    ),
    Step(
        "panel-grade",
        "healthwatch_chair",
        "Record the grade of a panel",
        "Reviewing has closed here, and Healthwatch's three reviewers were not of one mind. Margaret, who chairs, sees "
        "the spread, reads the reasons and records what the panel decided.",
        "Decide on outcome 1D as Margaret",
        lambda: _panel_page("panel-grade", "1D", "Healthwatch Hollin", "Community nursing at the end of life"),
    ),
    Step(
        "disagree",
        "lead",
        "Disagree, and see who prevails",
        "Amara proposed a higher grade for speech therapy than Healthwatch gave. She can take theirs on, or say why not. "
        "Whatever she does, the grade of the local people stands, at the latest at the deadline.",
        "Answer Healthwatch as Amara",
        lambda: _outcome_page(UNDER_WAY, "1A", "Children's speech and language therapy"),
    ),
    Step(
        "evidence",
        "workforce",
        "Enter evidence, or use it again",
        "Next year has just been opened. Joanne writes a paragraph on bullying for outcome 2B, or cites what the trust's "
        "library holds already.",
        "Enter evidence as Joanne",
        lambda: _outcome_page(NEXT, "2B"),
    ),
    Step(
        "library",
        "contributor",
        "Find what was said before",
        "Three years of evidence lie in one library. Tom finds what is known about interpreters, and where each piece "
        "was used.",
        "Open the evidence library as Tom",
        _library,
    ),
    Step(
        "board-member",
        "board",
        "Read it as a board member does",
        "On outcome 2B staff side gave a higher grade than the trust, having read eighty incident forms. Iain sees both "
        "statements and what was decided.",
        "Read outcome 2B as Iain",
        lambda: _outcome_page(UNDER_WAY, "2B"),
    ),
    Step(
        "next-steps",
        "lead",
        "Make a plan of a grade",
        "Outcome 2A is agreed. Amara sees what would move it up: what panels said, groups that no evidence speaks of, "
        "promises in the texts. A button makes an action of each.",
        "See what would move 2A up as Amara",
        lambda: reverse("plan-suggestions", args=[_outcome(UNDER_WAY, "2A").public_id]),
    ),
    Step(
        "progress",
        "workforce",
        "Say how an action goes",
        "Joanne owns an action that is due this month. She says how it goes here, or by the link in her mail, for which "
        "nobody has to sign in: look among the demo's mails.",
        "Say how it goes as Joanne",
        lambda: reverse("action-progress", args=[_action("Offer counselling in the evening").public_id]),
    ),
    Step(
        "felt",
        "staff_chair",
        "Say whether it was felt",
        "The trust says that it is done. Siobhan's panel says whether anybody noticed, and that stands beside it.",
        "Answer for staff side as Siobhan",
        lambda: _felt("Say every three months", "Staff side"),
    ),
    Step(
        "adopt",
        "sponsor",
        "Adopt an equality objective",
        "Local people had their say on an objective for the next four years. Ruth reads what they said and what was "
        "answered, and records what the board decided. After that Amara can publish it.",
        "Record the board's decision as Ruth",
        _decision,
    ),
    Step(
        "closed-door",
        "outsider",
        "Find the door closed",
        "Owen leads on equality at another trust. This year's work of Hollin Vale does not exist for him, not even as a "
        "refusal.",
        "Try to open it as Owen",
        lambda: _board(UNDER_WAY),
    ),
]
STEPS = {step.key: step for step in TOUR}

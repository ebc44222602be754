"""From grades to change: the plan and what owners and panels say of it, a plan brought in, and equality objectives."""

from __future__ import annotations

import datetime
import io
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest

from eds.pages.demo.goals import WAITING
from eds.pages.demo.people import PEOPLE, TRUST
from eds.ui.text import uk_date
from objectives.months import Month
from tests.objectives import built
from tests.processes import wait_until

from .conftest import MakePerson
from .markup import errors_of
from .person import Book, Person, Way
from .processes import Demo

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMES = {person.key: person.name for person in PEOPLE}
ADDRESSES = {person.key: person.email for person in PEOPLE}
UNDER_WAY, NEXT = "EDS 2022 2026-27", "EDS 2022 2027-28"
STAFF_SIDE = "Staff side"
OBJECTIVES = f"Equality objectives of {TRUST}"
PUBLIC = "/reports/hollin-vale/objectives/"
OUTCOMES = dict(zip((Way.DESKTOP, Way.KEYBOARD, Way.PHONE, Way.NO_SCRIPTS), ("2A", "2B", "2C", "2D"), strict=True))
"""Each way of playing it takes an agreed outcome of its own."""
FILE = b"Ward,Asked\nElm,14\nAsh,9\n"
FELT = "Day staff noticed it. Nobody who works at night has."
COMMENT = "Ask the cleaners as well: they have no e-mail address at work."
ANSWER = "The question goes on paper to everybody without an address."


def _plan_of(who: Person, year: str) -> str:
    who.go("/plan/").follow(f"Plan of {year}, {TRUST}")
    return who.page.url.removeprefix(who.url)


@pytest.mark.parametrize("way", OUTCOMES, ids=lambda way: way.value)
def test_from_a_grade_to_what_people_felt(person: MakePerson, demo: Demo, book: Book, tmp_path: Path, way: Way) -> None:
    code = OUTCOMES[way]
    text = f"Ask staff whom nobody has asked about {code}, and say what they told us."
    lead, owner, chair, member, sponsor = (
        person(NAMES[key], way=way) for key in ("lead", "workforce", "staff_chair", "staff_reviewer", "sponsor")
    )
    plan = _plan_of(lead, UNDER_WAY)
    action = lead_makes_an_action_of_a_suggestion(lead, plan, code, text)
    lead_puts_it_under_an_objective(lead, plan, action, code)
    owner_says_that_it_is_at_risk(owner, lead, plan, text)
    owner_answers_by_mail(person(way=way), demo, text)
    owner_shows_that_it_is_done(owner, action, text)
    chair_says_that_it_is_partly_felt(chair, text)
    for who in (lead, sponsor):
        who.go(f"{plan}summary/").sees("Done, but not fully felt", text, FELT)
        for page in ("calendar/", "over-time/"):
            who.go(f"{plan}{page}")
    member.go(action).sees(f"{STAFF_SIDE}: partly felt.", FELT, "Done")
    assert NAMES["workforce"] not in member.html
    for who in (member, chair, owner):
        assert "Change this action" not in who.go(action).main()
        who.is_answered(f"{action}edit/", 403)
    assert errors_of(book, tmp_path / "markup") == []
    assert book.wrongs == []


def lead_makes_an_action_of_a_suggestion(lead: Person, plan: str, code: str, text: str) -> str:
    """What would move it up becomes an action with a month and an owner. Gives the action's address."""
    lead.unfold(lead.page.locator("summary", has_text="Add to an outcome"))
    lead.follow(f"What would move this up ({code})").sees("The agreed grade is", "A group that no evidence speaks of")
    suggestions = lead.page.url
    lead.press(re.compile("^Make this an action ?: No evidence speaks of"))
    lead.fill("What is done", "").is_refused("Save the action", "Enter what is done")
    lead.fill("What is done", text).fill("To be completed in", str(Month.of(datetime.date.today())))
    lead.press("Save the action").sees("The action is changed.", "Nobody owns it yet")
    action = lead.page.url.removeprefix(lead.url)
    lead.follow("Name its owner").is_refused("Add this owner", "Enter the owner as it is printed")
    lead.fill("Owner, as it is printed", "Head of asking").select("Person with a log-in", NAMES["workforce"])
    lead.press("Add this owner").sees("“Head of asking” owns it now.")
    lead.go(suggestions).sees("In the plan")
    return action


def lead_puts_it_under_an_objective(lead: Person, plan: str, action: str, code: str) -> None:
    """An objective is added to the outcome, and the action belongs to it."""
    change = f"Everybody is asked about {code}."
    lead.go(plan).unfold(lead.page.locator("summary", has_text="Add to an outcome"))
    lead.follow(f"add an objective to {code}").is_refused("Add the objective", "Enter what is to change")
    lead.fill("What is to change", change).press("Add the objective").sees("The objective is in the plan.", change)
    lead.go(action).follow("Change this action").select("Under which objective?", change)
    lead.press("Save the action").sees(change, "Head of asking")


def owner_says_that_it_is_at_risk(owner: Person, lead: Person, plan: str, text: str) -> None:
    """The owner's home page names the action; what they say stands in the lead's plan."""
    owner.go("/").sees("due in").follow(f"Say how it goes: {text}")
    owner.choose("Stopped").is_refused("Save how it goes", "Say why it is stopped")
    owner.choose("At risk").fill("In a few words", "Night staff do not read mail.")
    owner.press("Save how it goes").sees("It is written down how the action goes.", "At risk")
    lead.go(f"{plan}summary/").sees("At risk", text, "Night staff do not read mail.")


def owner_answers_by_mail(anybody: Person, demo: Demo, text: str) -> None:
    """The link of a mail says how one action goes, once, for whoever has the mail; the mail does not say what it is."""
    demo.do_now("objectives.tasks.follow_plans")
    wait_until(lambda: _opens_the_link(anybody, text), "the mail to the owner", seconds=60)
    link = anybody.page.url
    anybody.sees("So far it is said to be: at risk.").is_refused("Save how it goes", "Choose how it goes")
    anybody.choose("On track").fill("In a few words", "Now we ask on paper.").press("Save how it goes")
    anybody.sees("Thank you", "It is written down how the action goes.")
    anybody.is_answered(link.removeprefix(anybody.url), 410)
    anybody.sees("It has been used")


def _opens_the_link(anybody: Person, text: str) -> bool:
    """Look through the owner's mails, which do not say what they are about, for the link of this action."""
    anybody.go("/demo/mails/")
    rows = anybody.page.locator("main tr", has_text=ADDRESSES["workforce"]).filter(has_text="An action that you own")
    mails = [str(link.get_attribute("href")) for link in rows.get_by_role("link").all()]
    for mail in mails:
        anybody.go(mail)
        assert text not in anybody.main()
        anybody.go(str(anybody.page.locator("main a[href*='/progress/']").get_attribute("href")))
        if anybody.status == 200 and text in anybody.main():
            return True
    return False


def owner_shows_that_it_is_done(owner: Person, action: str, text: str) -> None:
    """Done, with evidence and its file, which goes to the library."""
    owner.go("/plan/").follow(text).sees("On track", "Now we ask on paper.").press("Say how it goes")
    owner.choose("Done").fill("Evidence that it is done: title", "What night staff said")
    owner.is_refused("Save how it goes", "Enter what the evidence says")
    owner.fill("What the evidence says", "Twenty-three answered on paper.")
    owner.attach("Files", "answers.csv", "text/csv", FILE)
    owner.press("Save how it goes").sees("It is written down how the action goes.", "Done")
    owner.go(action).follow("Evidence that it is done").sees("What night staff said", "answers.csv")


def chair_says_that_it_is_partly_felt(chair: Person, text: str) -> None:
    """The panel's chair finds the action in the plan and says what the panel felt."""
    _plan_of(chair, UNDER_WAY)
    chair.follow(text).press(f"Say whether {STAFF_SIDE} felt it")
    chair.is_refused(
        "Save what your panel felt", "Choose whether your panel felt it", "Say in a sentence what your panel felt"
    )
    chair.choose("Partly felt").fill("In a sentence", FELT).press("Save what your panel felt")
    chair.sees("What your panel felt stands beside", f"{STAFF_SIDE}: partly felt.", FELT)


@pytest.mark.parametrize("way", [Way.DESKTOP, Way.PHONE, Way.NO_SCRIPTS], ids=lambda way: way.value)
def test_a_plan_is_brought_in(person: MakePerson, book: Book, tmp_path: Path, way: Way) -> None:
    lead = person(NAMES["lead"], way=way)
    by = way.value
    rows = [
        ["Outcome", "Objective", "Action", "Owner", "Completion date"],
        [
            "2A",
            f"Nobody waits longer ({by})",
            f"• Count the days ({by})\n• Tell the board ({by})",
            "Chair",
            "March 2028",
        ],
        ["2C", f"Staff know whom to tell ({by})", f"Print a card ({by})", "Head of print", ""],
    ]
    made = built.xlsx(rows) if way is Way.NO_SCRIPTS else built.docx([rows], before=["Our plan"], bullets=True)
    plan = _plan_of(lead, NEXT)
    lead.follow("Bring in a plan from a file").is_refused("Read this file", "Choose the plan’s file")
    lead.attach("The plan’s file", "notes.txt", "text/plain", b"No plan.").is_given_back("Read this file")
    lead.attach("The plan’s file", str(made.name), str(made.content_type), made.read()).press("Read this file")
    lead.sees("1 of 1 question is open", "2 objectives and 3 actions")
    assert "Bring this plan in" not in lead.main()
    lead.choose("In the month below").is_refused("Keep my answers", "Enter the month, or say that it is not known")
    lead.fill("The month, where it is known", "May 2028").press("Keep my answers").sees("Every question is answered.")
    lead.go(f"{plan}import/").follow("Go on with", exact=False)
    lead.press("Bring this plan in").sees("The plan is brought in: 2 objectives and 3 actions.")
    assert lead.page.url.endswith(plan)
    lead.sees(f"Count the days ({by})", f"Tell the board ({by})", f"Print a card ({by})", "Head of print", "May 2028")
    lead.follow(f"Print a card ({by})").sees(f"Staff know whom to tell ({by})", "Head of print", "May 2028")
    assert errors_of(book, tmp_path / "markup") == []
    assert book.wrongs == []


@pytest.mark.parametrize("way", OUTCOMES, ids=lambda way: way.value)
def test_an_objective_is_put_to_local_people(person: MakePerson, book: Book, tmp_path: Path, way: Way) -> None:
    headline = f"Nine in ten cleaners say that they are asked, {way.value}"
    lead, member, sponsor = (person(NAMES[key], way=way) for key in ("lead", "staff_reviewer", "sponsor"))
    objective = lead_writes_an_objective(lead, headline)
    member.is_answered(objective, 404)
    sponsor.go(objective).sees("This is a draft.")
    lead.follow("Put it to local people").is_refused("Put it to local people", "Enter the last day for comments")
    lead.fill("Until when can people comment?", uk_date(datetime.date.today() + datetime.timedelta(days=14)))
    lead.press("Put it to local people").sees("Local people can comment now.")
    lead.is_answered(f"{objective}edit/", 403)

    member.go("/").follow(f"Comment on “{headline}”").is_refused("Send my comment", "Enter your comment")
    member.fill("Your comment", COMMENT).press("Send my comment").sees("Your comment is sent.", COMMENT)
    lead.go("/").follow(f"Answer a comment on “{headline}”")
    lead.follow(re.compile(f"^Answer to {STAFF_SIDE}")).is_refused("Save the answer", "Enter your answer")
    lead.fill("Your answer", ANSWER).press("Save the answer").sees("The answer is saved.", ANSWER)
    assert NAMES["staff_reviewer"] not in lead.html
    member.go(objective).sees(COMMENT, ANSWER)
    sponsor.go(objective).sees(COMMENT, ANSWER, "Local people can comment until")
    sponsor.is_answered(f"{objective}decide/", 403)
    assert errors_of(book, tmp_path / "markup") == []
    assert book.wrongs == []


def lead_writes_an_objective(lead: Person, headline: str) -> str:
    """Write one with a commitment and a measure, until the check finds nothing open. Gives its address."""
    lead.go("/").follow(OBJECTIVES).press("Write an objective")
    lead.is_refused("Save the objective", "Enter what you want to change", "Enter the first month")
    lead.fill("What do you want to change?", headline).choose("Workforce", "Give people equal chances", "Disability")
    lead.fill("First month", "April 2028").fill("Last month", "March 2031").fill("By when do you", "January 2031")
    lead.fill("Role of the person who leads it", "Director of estates").press("Save the objective")
    objective = lead.page.url.removeprefix(lead.url)
    lead.sees("This is a draft.", "It has no measure", "It does not say what you will do")
    lead.follow("Add a commitment").is_refused("Save the commitment", "Enter what you will do")
    lead.fill("What will you do?", "Meet each shift once a quarter.").fill("By when?", "June 2029")
    lead.press("Save the commitment").follow("Add a measure").is_refused("Save the measure", "Enter what is counted")
    lead.fill("What is counted?", "Cleaners who say that they are asked").fill("Unit", "%")
    lead.fill("Where does the number come from?", "Yearly talk").fill("Where does it start?", "40")
    lead.fill("Year of that value", "2026").fill("Target", "90").choose("Higher each year").press("Save the measure")
    lead.sees("The measure is saved.", "90%, higher each year", "Nothing is open: it is specific")
    lead.follow("Say which national plans it answers").choose("NHS Staff Survey").press("Save what it answers")
    lead.sees("Saved: what this answers.", headline)
    lead.go(objective)
    return objective


def test_the_board_adopts_and_everybody_reads(person: MakePerson, book: Book, tmp_path: Path) -> None:
    sponsor, lead = person(NAMES["sponsor"], way=Way.ZOOMED), person(NAMES["lead"], way=Way.KEYBOARD)
    lead.go("/").follow(OBJECTIVES).follow("Publish the objectives").sees("Nothing has changed since")
    sponsor.go("/").follow(re.compile("^Record what the board decided on")).sees(WAITING, "Staff side")
    sponsor.is_refused("Record the decision", "Choose what the board decided")
    sponsor.choose("It does not adopt it").is_told("Record the decision", "Say why the board did not adopt it.")
    sponsor.choose("It adopts the objective").fill("Meeting and paper", "Trust board, paper 9")
    sponsor.press("Record the decision").sees("The objective is adopted.", "Trust board, paper 9")
    lead.go("/").follow(OBJECTIVES).follow("Publish the objectives").sees(WAITING)
    lead.is_refused("Publish this version", "Say why you publish this version")
    lead.fill("Why do you publish this version?", "The board adopted one more.").press("Publish this version")
    lead.sees("Version 2 is published.")
    said = [WAITING, "Night porters and cleaners", "the contractor signs the same promise", "Trust board, paper 9"]
    for way in Way:
        anybody = person(way=way).go("/reports/").follow(OBJECTIVES)
        anybody.sees(*said, "The board adopted one more.")
        _names_nobody(anybody.html)
        wait_until(lambda: "Download the objectives as PDF" in anybody.go(PUBLIC).main(), "the PDF", seconds=120)  # noqa: B023
        anybody.follow("Version 1").sees("There is a newer version")
        assert WAITING not in anybody.main()
    anybody.go(PUBLIC)
    text = _pdf_of(anybody, anybody.address_of(re.compile("^Download the objectives as PDF")), tmp_path)
    assert [words for words in said if words not in text] == []
    _names_nobody(text)
    assert errors_of(book, tmp_path / "markup") == []
    assert book.wrongs == []


def _names_nobody(text: str) -> None:
    assert [name for name in [*NAMES.values(), *ADDRESSES.values()] if name in text] == []


def _pdf_of(anybody: Person, address: str, folder: Path) -> str:
    """Fetch the file: sound, tagged, and declared as PDF/UA-1. Gives its text."""
    answer = anybody.context.request.get(f"{anybody.url}{address}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.body())) as pdf:
        assert pdf.Root.MarkInfo.Marked
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    path = folder / "objectives.pdf"
    path.write_bytes(answer.body())
    subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=True)
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())

"""Every page of the demo, by whomever it is given: sound for machines, phones, keyboards, and without scripts."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import html

from eds.pages.demo.people import PEOPLE

from .conftest import MakePerson
from .markup import errors_of
from .person import Book, Person, Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMES = {person.key: person.name for person in PEOPLE}
EVERYBODY = ["", *NAMES.values()]
PUBLIC_ID = re.compile(r"/[a-z0-9]{12}(?=/)")
MAILS = "/demo/mails/"
OF_A_KIND = 2
"""How many pages of one kind each person opens."""


PLANS = {
    "": {
        "/reports/hollin-vale/2025/eds-2022/plan/",
        "/reports/hollin-vale/objectives/",
    },
    "lead": {
        "/plan/",
        "/plan/actions/…/",
        "/plan/actions/…/edit/",
        "/plan/actions/…/owners/",
        "/plan/actions/…/progress/",
        "/plan/actions/…/remove/",
        "/plan/my-calendar/",
        "/plan/objectives/…/",
        "/plan/objectives/…/remove/",
        "/assessments/…/audit/",
        "/assessments/…/plan/",
        "/assessments/…/plan/calendar/",
        "/assessments/…/plan/import/",
        "/assessments/…/plan/last-year/",
        "/assessments/…/plan/over-time/",
        "/assessments/…/plan/settings/",
        "/assessments/…/plan/summary/",
        "/outcomes/…/plan/actions/new/",
        "/outcomes/…/plan/objectives/new/",
        "/outcomes/…/plan/order/",
        "/outcomes/…/plan/what-next/",
        "/organisations/…/national-plans/",
        "/organisations/…/objectives/",
        "/organisations/…/objectives/new/",
        "/organisations/…/objectives/publish/",
        "/objectives/…/",
        "/objectives/…/consult/",
        "/objectives/…/comments/…/answer/",
        "/objectives/…/measures/…/value/",
        "/answers/action/…/",
        "/answers/objective/…/",
    },
    "workforce": {"/plan/", "/plan/actions/…/", "/plan/actions/…/progress/", "/assessments/…/plan/"},
    "staff_chair": {"/assessments/…/plan/summary/", "/plan/actions/…/felt/…/"},
    "healthwatch_reviewer": {"/objectives/…/", "/objectives/…/comment/"},
    "sponsor": {"/assessments/…/plan/summary/", "/objectives/…/", "/organisations/…/national-plans/"},
}
"""Pages of plans and objectives, each with somebody who has to come to it by links."""


def test_each_page_that_a_link_leads_to(person: MakePerson, book: Book, tmp_path: Path) -> None:
    mailed: set[str] = set()
    for name in EVERYBODY:
        mailed |= _walk(person(name))
    assert errors_of(book, tmp_path / "markup") == []
    assert book.wrongs == []
    assert len({_kind(given.url) for given in book.pages}) > 25
    # The demo shows everybody's mails: their links are for whoever got them, and some work once.
    said_no = [str(given) for given in book.pages if given.status != 200 and urlsplit(given.url).path not in mailed]
    assert said_no == []
    came = {name: {_kind(given.url) for given in book.of(name or "anybody")} for name in EVERYBODY}
    missed = {key: kinds - came[NAMES.get(key, "")] for key, kinds in PLANS.items()}
    assert {key: kinds for key, kinds in missed.items() if kinds} == {}


def _walk(who: Person) -> set[str]:
    """Open every page that links lead to, up to two of a kind. Gives the paths that mails have led to."""
    mailed: set[str] = set()
    waiting, seen, opened = ["/"], {"/"}, Counter[str]()
    while waiting:
        address = waiting.pop(0)
        # The HTML part of a mail runs no scripts, so nothing can look at it; its words are those of the page around it.
        ending = urlsplit(address).path
        a_file = "/files/" in address or ending.endswith((".pdf", ".csv", ".xlsx", ".docx", ".ics", "/html/"))
        if opened[_kind(address)] >= OF_A_KIND or a_file:
            continue
        opened[_kind(address)] += 1
        page = html.document_fromstring(who.read(address).encode(), base_url=who.url + address)
        page.make_links_absolute()
        for link in map(str, page.xpath("//a/@href")):
            path = urlsplit(link)
            target = f"{path.path}?{path.query}" if path.query else path.path
            if link.startswith(f"{who.url}/") and target not in seen:
                seen.add(target)
                waiting.append(target)
                if address.startswith(MAILS):
                    mailed.add(path.path)
    return mailed


def _kind(address: str) -> str:
    return PUBLIC_ID.sub("/…", urlsplit(address).path)


def test_pages_that_say_no(person: MakePerson, book: Book, tmp_path: Path) -> None:
    anybody, lead, outsider = person(), person(NAMES["lead"]), person(NAMES["outsider"])
    anybody.is_answered("/nowhere/", 404)
    outsider.is_answered("/assessments/000000000000/", 404)
    board = lead.go("/").address_of("EDS 2022 2026-27")
    outcome = lead.go(board).address_of("3A ")
    lead.is_answered(f"{board}sign-off/", 403)
    lead.sees("Only the board sponsor signs off the report.")
    lead.is_answered(f"{outcome}evidence/new/", 403)
    lead.sees("The round has opened")
    for name in ("contributor", "staff_reviewer", "sponsor"):
        person(NAMES[name]).is_answered(f"{board}people/", 403)
    anybody.go("/account/login/").is_given_back("Sign in")
    anybody.page.locator("input[name=login]").fill("nobody@example.org")
    anybody.page.locator("input[type=password]").fill("not the password of anybody")
    anybody.is_given_back("Sign in")
    assert errors_of(book, tmp_path / "markup") == []
    assert book.wrongs == []


def test_forms_sent_empty_say_what_is_missing(person: MakePerson, book: Book, tmp_path: Path) -> None:
    lead, reviewer = person(NAMES["lead"]), person(NAMES["staff_reviewer"])
    lead.press("Open an assessment").is_refused("Open the assessment", "Choose an edition", "Enter the year")
    lead.fill("Year", "next year").is_refused("Open the assessment", "Year must be a whole number, like 12")
    assert lead.page.get_by_label("Year").input_value() == "next year"
    board = lead.go("/").address_of("EDS 2022 2027-28")
    lead.go(f"{board}scope/").is_refused(
        "Save my choice", "Choose at least one outcome", "Choose what happens with them"
    )
    lead.page.get_by_role("group", name="Which outcomes?").get_by_role("checkbox").first.check()
    lead.choose("Leave them out this year")
    lead.is_refused("Save my choice", "Say why the outcomes are not graded this year")
    lead.go(f"{board}rounds/new/").fill("Grades are agreed by", "").is_refused(
        "Plan this round",
        "Enter a name for the round",
        "Choose at least one outcome for the round",
        "Enter the date by which grades",
    )
    lead.fill("Reviews are due by", "30 February 2027")
    lead.is_refused("Plan this round", "The date by which reviews are due must be a date that exists")
    lead.go(f"{board}panels/new/").is_refused("Add this panel", "Enter a name for the panel", "Choose a local interest")
    panel = lead.go(f"{board}people/").address_of("Staff side")
    lead.go(f"{panel}people/add/")
    lead.is_refused("Send the invitation", "Enter the person's e-mail address", "Choose what this person is")
    outcome = lead.go(board).address_of("2B When at work")
    lead.go(f"{outcome}contributors/add/").is_refused("Add this lead contact", "Enter the person's e-mail address")
    lead.go(f"{outcome}summary/").is_refused("Save the summary", "Enter the summary")
    lead.go(f"{outcome}proposal/").is_refused("Save the proposal", "Choose the grade that the organisation proposes")
    lead.go(f"{outcome}evidence/new/").fill("Title", "Kept").attach("Files", "x.exe", "application/pdf", b"MZ")
    lead.is_refused("Save this evidence", "Enter what the evidence says")
    assert lead.page.get_by_label("Title").input_value() == "Kept"
    lead.fill("What the evidence says", "Something.").attach("Files", "x.exe", "application/pdf", b"MZ")
    lead.is_given_back("Save this evidence")
    lead.go(f"{outcome}evidence/cite/").is_refused("Cite this evidence", "Choose the evidence to cite")
    reviewer.go("/").follow("Grade 3 outcomes").press("Continue")
    reviewer.is_refused("Submit my grade", "Choose a grade, or say that there is not enough", "Give your reasons")
    assert reviewer.page.evaluate("document.activeElement.className") == "nhsuk-error-summary"
    assert errors_of(book, tmp_path / "markup") == []
    assert book.wrongs == []


def test_a_review_is_given_with_the_keyboard_alone(person: MakePerson, book: Book) -> None:
    reviewer = person(NAMES["staff_reviewer"], way=Way.PHONE)
    reviewer.follow("Grade 3 outcomes").press("Continue")
    _tab_to(reviewer, "radio")
    reviewer.page.keyboard.press("ArrowDown")
    assert reviewer.page.get_by_label("Developing", exact=True).is_checked()
    _tab_to(reviewer, "textarea")
    reviewer.page.keyboard.type("Written without a mouse.")
    _tab_to(reviewer, "Submit my grade")
    with reviewer.page.expect_navigation() as going:
        reviewer.page.keyboard.press("Enter")
    reviewer.arrive(going.value)
    reviewer.sees("Your grade for 3A is submitted.")
    assert book.wrongs == []


def _tab_to(who: Person, what: str) -> None:
    """Press Tab until the focus is there, and see that it shows."""
    for _ in range(60):
        who.page.keyboard.press("Tab")
        here = who.page.evaluate(
            "[document.activeElement.type, document.activeElement.localName, document.activeElement.innerText.trim()]"
        )
        if what in here:
            box = who.page.evaluate("JSON.parse(JSON.stringify(document.activeElement.getBoundingClientRect()))")
            assert 0 <= box["top"] < who.page.viewport_size["height"]  # type: ignore[index]
            return
    raise AssertionError(f"Tab does not lead to {what}")


def test_everything_a_reviewer_and_a_lead_need_works_without_scripts(person: MakePerson, book: Book) -> None:
    reviewer = person(NAMES["peer"], way=Way.NO_SCRIPTS)
    reviewer.follow("Grade 2 outcomes").press("Continue")
    reviewer.fill("Your reasons", "First thoughts.").press("Save as a draft").sees("Your draft is saved.")
    assert reviewer.page.get_by_label("Your reasons").input_value() == "First thoughts."
    reviewer.choose("Achieving").press("Submit my grade").sees("Your grade for 3A is submitted.")
    lead = person(NAMES["lead"], way=Way.NO_SCRIPTS)
    published = lead.address_of("EDS 2022 2025-26")
    lead.go(f"{published}publishing/").sees("Version 1 is public.")
    assert book.wrongs == []

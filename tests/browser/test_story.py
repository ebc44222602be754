"""The whole year of an assessment, by seven people and the public, each in a browser session of their own."""

from __future__ import annotations

import datetime
import io
import re
import subprocess
import time
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import expect

from eds.pages.demo.people import PEOPLE
from eds.ui.text import uk_date
from tests.databases import on_postgresql
from tests.processes import wait_until

from .conftest import MakePerson
from .markup import errors_of
from .person import Book, Person, Way
from .processes import DEADLINE, Demo

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMES = {person.key: person.name for person in PEOPLE}
ADDRESSES = {person.key: person.email for person in PEOPLE}
CAST = (
    "lead",
    "contributor",
    "healthwatch_chair",
    "healthwatch_reviewer",
    "staff_chair",
    "sponsor",
    "outsider",
)
GRADED = ("4.1", "4.2")
HEALTHWATCH, STAFF_SIDE = "Healthwatch Hollin", "Staff side"
YEARS = {way: 2027 + number for number, way in enumerate(Way)}
"""Each way of playing it takes a year of its own."""

WHY_LEFT_OUT = "Chosen with both panels: leadership is looked at this year, everything else next year."
SUMMARY = {
    "4.1": "Board members went to network meetings and asked for an equality analysis of most papers.",
    "4.2": "Half of the decision papers say how they bear on equality. The other half do not.",
}
FACTORS = {
    "Outcome": "Board members raise equality at every second meeting without being asked.",
    "Engagement": "Non-executive directors sat in on all four staff networks.",
}
LAST_YEAR_DROPPED = "It says how the board worked before half of its members changed."
CONCLUSION = "Most of what the outcome asks is in place for most groups."
REASONS_42 = "A template for papers came late in the year, so only half of them use it."
REVIEWS = {
    ("healthwatch_chair", "4.1"): ("Developing", "No community group has met the board that we know of."),
    ("healthwatch_chair", "4.2"): ("Developing", "Papers on services for carers carry no analysis."),
    ("healthwatch_reviewer", "4.1"): ("Developing", "Questions at meetings are a start and no more."),
    ("healthwatch_reviewer", "4.2"): ("Developing", "Every second paper is silent about disabled people."),
    ("staff_chair", "4.1"): ("Achieving", "Staff networks felt heard by those who came."),
    ("staff_chair", "4.2"): ("Developing", "Union colleagues saw analyses that were copied from older papers."),
}
CHANGED_MIND = "Having read it again: questions at meetings, and nothing that followed from them."
PANEL_WORDS = {
    (HEALTHWATCH, "4.1"): ("Developing", "The board met staff. It met no patients and no community group."),
    (HEALTHWATCH, "4.2"): ("Developing", "Half of the papers is half of what the outcome asks."),
    (STAFF_SIDE, "4.1"): ("Achieving", "Directors listened to the networks and came back with answers."),
    (STAFF_SIDE, "4.2"): ("Developing", "The template works where it is used. That is not everywhere."),
}
STATEMENTS = {
    "lead": "We hold that meeting every network and asking for analyses is most of this outcome.",
    "healthwatch_chair": "Patients have yet to see their board. Until they do, this is a beginning.",
}
TABLE = b"Paper,Equality analysis\nCarers' strategy,no\nWorkforce plan,yes\n"


@pytest.mark.parametrize("way", Way, ids=lambda way: way.value)
def test_the_story(request: pytest.FixtureRequest, person: MakePerson, book: Book, tmp_path: Path, way: Way) -> None:
    on_servers = way is Way.DESKTOP and on_postgresql()
    demo: Demo = request.getfixturevalue("demo_on_servers" if on_servers else "demo")
    if on_servers:
        assert not (demo.data / "db.sqlite3").exists()
        assert not list((demo.data / "broker" / "messages").iterdir())
    people = {key: person(NAMES[key], way=way, url=demo.url) for key in CAST}
    anybody = person(way=way, url=demo.url)
    report = f"/reports/hollin-vale/{YEARS[way]}/eds-2011/"
    assessment = lead_opens_an_assessment(people, YEARS[way])
    chairs_are_named(people, assessment)
    title = f"Board papers with an equality analysis, {YEARS[way]}"
    outcomes = contributor_enters_evidence(people, assessment, title)
    lead_proposes_and_opens(people["lead"], assessment, outcomes, title)
    private = [assessment, *outcomes.values()]
    nobody_else_gets_in(people["outsider"], private)
    three_people_review(people, assessment, outcomes)
    all_is_revealed(people, assessment, outcomes)
    chairs_record_and_local_interests_prevail(people, assessment, outcomes)
    sponsor_signs_and_lead_publishes(people, assessment)
    nobody_else_gets_in(people["outsider"], private)
    anybody_reads_the_report(anybody, report)
    anybody_gets_the_pdf(anybody, report, tmp_path)
    assert errors_of(book, tmp_path / "markup") == []
    assert book.wrongs == []


def _in_days(days: int) -> str:
    return uk_date(datetime.date.today() + datetime.timedelta(days=days))


def lead_opens_an_assessment(people: dict[str, Person], year: int) -> str:
    """Step 1: an EDS 2011 assessment, one round over 4.1 and 4.2, the other sixteen left out, two panels."""
    lead = people["lead"]
    lead.press("Open an assessment").choose("Equality Delivery System (EDS)")
    lead.fill("Year", str(year)).fill("When is the report to be published?", _in_days(120)).press("Open the assessment")
    if lead.page.url.endswith("/last-year/"):
        lead.follow("Keep nothing")
    assessment = lead.page.url.removesuffix("set-up/")
    lead.go(f"{assessment}scope/")

    boxes = lead.page.get_by_role("group", name="Which outcomes?").get_by_role("checkbox")
    assert boxes.count() == 18
    for box in boxes.all():
        words = lead.page.locator(f"label[for='{box.get_attribute('id')}']").inner_text()
        if not words.startswith(GRADED):
            lead.tick(box)
    lead.choose("Leave them out this year").fill("Reason", WHY_LEFT_OUT).press("Save my choice")
    assert lead.page.locator("li", has_text=f"Left out: {WHY_LEFT_OUT}").count() == 16

    lead.press("Plan a round").fill("Name", "Leadership")
    lead.tick(lead.page.get_by_label("4.1 "))
    lead.tick(lead.page.get_by_label("4.2 "))
    lead.press("Plan this round")
    people_page = f"{assessment}people/"
    for name, kind, quorum in ((HEALTHWATCH, "Patients and communities", "2"), (STAFF_SIDE, "Staff side", "1")):
        lead.go(people_page).press("Add a panel").fill("Name", name).choose(kind).fill("Quorum", quorum)
        lead.tick(lead.page.get_by_label("4.1 "))
        lead.tick(lead.page.get_by_label("4.2 "))
        lead.press("Add this panel").sees("This panel has no chair yet", f"{quorum} pe")
        chair = "healthwatch_chair" if name == HEALTHWATCH else "staff_chair"
        lead.press("Name the chair or organiser").fill("E-mail address", ADDRESSES[chair]).choose("Chair")
        lead.press("Send the invitation").sees(f"An invitation is on its way to {ADDRESSES[chair]}")
        accepts_the_newest_invitation(people[chair], ADDRESSES[chair])
        lead.go(lead.page.url)
        assert "This panel has no chair yet" not in lead.main()
    lead.go(people_page)
    for code in GRADED:
        lead.follow(f"Add a lead contact for {code}", exact=False).fill("E-mail address", ADDRESSES["contributor"])
        lead.press("Add this lead contact").sees(f"{NAMES['contributor']} contributes to {code}")
    return people_page.removeprefix(lead.url).removesuffix("people/")


def accepts_the_newest_invitation(invited: Person, address: str) -> None:
    """Open the invitation among the demo's mails, once the worker has written it, and accept it."""
    deadline = time.monotonic() + 60
    invited.status = 0
    while invited.status != 200 or "Accept the invitation" not in invited.main():
        assert time.monotonic() < deadline, "the invitation was not sent"
        time.sleep(0.5)
        invited.go("/demo/mails/")
        mails = invited.page.locator("main tr", has_text=address).filter(has_text="You are invited")
        if mails.count():
            invited.go(str(mails.first.get_by_role("link").get_attribute("href")))
            invited.go(str(invited.page.locator("main a[href*='/account/link/']").get_attribute("href")))
    invited.press("Accept the invitation")


def chairs_are_named(people: dict[str, Person], assessment: str) -> None:
    """Step 1, the panel's part: its chair keeps its list, and the lead never sees it (R21)."""
    chair = people["healthwatch_chair"].go(assessment)
    panel = _panel_page(people["lead"], assessment, HEALTHWATCH)
    address = ADDRESSES["healthwatch_reviewer"]
    chair.go(panel).press("Invite a person").fill("E-mail address", address).choose("Reviewer")
    chair.press("Send the invitation").sees(f"An invitation is on its way to {address}")
    accepts_the_newest_invitation(people["healthwatch_reviewer"], address)
    chair.go(panel).sees(NAMES["healthwatch_reviewer"], NAMES["healthwatch_chair"])
    people["lead"].go(panel)
    assert NAMES["healthwatch_reviewer"] not in people["lead"].html


def _panel_page(lead: Person, assessment: str, panel: str) -> str:
    return lead.go(f"{assessment}people/").address_of(panel)


def contributor_enters_evidence(people: dict[str, Person], assessment: str, title: str) -> dict[str, str]:
    """Step 2, evidence: written for 4.1 with a file, and the same item cited for 4.2."""
    contributor = people["contributor"].go(assessment)
    outcomes = {code: contributor.go(assessment).address_of(re.compile(rf"^{re.escape(code)} ")) for code in GRADED}
    for code in reversed(GRADED):
        contributor.go("/").follow(re.compile(rf"from last year waits? for your decision: {re.escape(code)}$"))
        for box in contributor.page.get_by_label("Drop", exact=True).all():
            contributor.tick(box)
        contributor.fill("Why do you drop it?", LAST_YEAR_DROPPED).press("Save what I decided")
        contributor.go("/").follow(f"Enter evidence for {code}")
    contributor.press("Write new evidence")
    contributor.fill("Title", title)
    contributor.fill("What the evidence says", "24 of 48 papers carried an analysis.\n\n- 20 on services\n- 4 on staff")
    contributor.fill("Source", "Board secretary's register").fill("Period", "April 2026 to March 2027")
    contributor.choose("Everybody").attach("Files", "board papers.csv", "text/csv", TABLE).press("Save this evidence")
    contributor.sees("The evidence is saved and cited for 4.1")
    contributor.go(outcomes["4.2"]).press("Cite from the library").choose(title)
    contributor.press("Cite this evidence").sees("is cited for 4.2")
    contributor.unfold(contributor.page.locator("summary").first)
    file = contributor.page.get_by_role("link", name="board papers.csv").get_attribute("href")
    assert contributor.context.request.get(f"{contributor.url}{file}").body() == TABLE
    return outcomes


def answers_what_is_asked(who: Person, button: str) -> Person:
    """The form comes back once with a question about the factors without a reason; with an answer it goes through."""
    who.is_refused(button, "Nothing is said under")
    who.write(who.page.get_by_label(re.compile(r"^Nothing is said under")), "There was nothing to say.")
    return who.press(button)


def lead_proposes_and_opens(lead: Person, assessment: str, outcomes: dict[str, str], title: str) -> None:
    """Step 2, the lead: summaries, proposals with reasons by factor, and opening, which fixes both."""
    for code, outcome in outcomes.items():
        lead.go(outcome).follow("Write the summary").fill("Summary", SUMMARY[code]).press("Save the summary")
    lead.go(outcomes["4.1"]).press("Propose a grade").choose("Achieving")
    for factor, words in FACTORS.items():
        lead.write(lead.page.get_by_label(re.compile(rf"^{factor}\b")), words)
    lead.fill("Conclusion", CONCLUSION)
    answers_what_is_asked(lead, "Save the proposal").sees("Achieving", *FACTORS.values())
    lead.go(outcomes["4.2"]).press("Propose a grade").choose("Developing")
    lead.write(lead.page.get_by_label(re.compile(r"^Outcome\b")), REASONS_42)
    answers_what_is_asked(lead, "Save the proposal")

    lead.go(assessment).follow("Open reviewing of “Leadership”").press("Open reviewing").sees(
        "“Leadership” is reviewing now"
    )
    for outcome in outcomes.values():
        lead.go(outcome)
        for gone in ("Write new evidence", "Cite from the library", "Change the proposal", "Change the summary"):
            assert gone not in lead.main()
        for address in ("evidence/new/", "evidence/cite/", "summary/", "proposal/"):
            lead.is_answered(f"{outcome}{address}", 403)
    item = lead.go("/evidence/").address_of(title)
    lead.go(item).press("Write a new version")
    lead.fill("What the evidence says", "25 of 48 papers carried an analysis.").fill(
        "What did you change", "A recount."
    )
    lead.press("Save the new version").sees("It shows version 1.")


def nobody_else_gets_in(outsider: Person, private: list[str]) -> None:
    """The other trust's lead is told of nothing that is not published."""
    for address in private:
        outsider.is_answered(address, 404)
        assert "Leadership" not in outsider.html


def three_people_review(people: dict[str, Person], assessment: str, outcomes: dict[str, str]) -> None:
    """Step 3: each drafts, submits, and one changes; nobody sees the proposals or another's words."""
    reviewers = ("healthwatch_chair", "healthwatch_reviewer", "staff_chair")
    begun = {key: len(people[key].book.of(people[key].who)) for key in reviewers}
    for key in reviewers:
        who = people[key].go("/").go(assessment).follow("Grade 2 outcomes")
        who.press("Continue")
        for code in GRADED:
            grade, reason = REVIEWS[key, code]
            # After the first is submitted, the page of the second follows.
            who.sees(SUMMARY[code]).fill("Your reasons", reason).press("Save as a draft")
            who.sees("Your draft is saved. Only you can see it.", "This is your draft. It is not submitted yet.")
            assert who.page.get_by_label("Your reasons").input_value() == reason
            who.choose(grade).press("Submit my grade").sees("is submitted. You can change it while reviewing lasts.")
        who.sees("You have done everything. Thank you.")
        for outcome in outcomes.values():
            who.go(outcome)
            who.is_answered(f"{outcome}proposal/", 404)
        who.go(assessment).go("/")

    changing = people["healthwatch_reviewer"].go(outcomes["4.1"])
    changing.sees("You submitted it on").fill("Your reasons", CHANGED_MIND).press("Submit my grade")

    proposed = {*FACTORS.values(), CONCLUSION, REASONS_42, "The organisation proposes"}
    for key in reviewers:
        others = {reason for (author, _), (_, reason) in REVIEWS.items() if author != key}
        others |= {CHANGED_MIND} if key != "healthwatch_reviewer" else set()
        for given in people[key].book.of(people[key].who)[begun[key] :]:
            assert not _found(proposed | others, given.html), str(given)
    lead = people["lead"].go(assessment)
    numbers = [
        re.findall(r"\d+", row.inner_text())
        for row in lead.page.locator("table", has_text="How far its people are").locator("tbody tr").all()
    ]
    assert numbers == [["2", "2", "2"], ["1", "1", "1"]]
    for address in (assessment, f"{assessment}people/", *outcomes.values()):
        lead.go(address)
        assert not _found({reason for _, reason in REVIEWS.values()} | {CHANGED_MIND}, lead.html)


def _found(words: set[str], html: str) -> set[str]:
    plain = html.replace("&#x27;", "'")
    return {each for each in words if each in plain}


def all_is_revealed(people: dict[str, Person], assessment: str, outcomes: dict[str, str]) -> None:
    """Step 4, the reveal: the proposal to all, a panel's reviews to itself without names, names to its chair (R3)."""
    lead = people["lead"]
    lead.go(assessment).follow("Close reviewing of “Leadership”").sees("You cannot hide again what this shows.")
    lead.press("Close reviewing and show everything").sees("“Leadership” is agreeing now")

    reviewer = people["healthwatch_reviewer"].go(outcomes["4.1"]).sees(*FACTORS.values(), CONCLUSION)
    reviewer.follow(f"Read the reviews of {HEALTHWATCH}")
    reviewer.sees(CHANGED_MIND, REVIEWS["healthwatch_chair", "4.1"][1])
    assert NAMES["healthwatch_chair"] not in reviewer.html
    assert REVIEWS["staff_chair", "4.1"][1] not in reviewer.html
    reviews_page = reviewer.page.url

    chair = people["healthwatch_chair"].go(reviews_page).press("Show the names")
    chair.sees(NAMES["healthwatch_reviewer"], CHANGED_MIND)
    for key in ("staff_chair", "lead", "contributor", "sponsor"):
        people[key].is_answered(reviews_page, 404)
    for key in ("lead", "contributor", "sponsor"):
        people[key].go(outcomes["4.1"])
        assert not _found({CHANGED_MIND} | {reason for _, reason in REVIEWS.values()}, people[key].html)


def chairs_record_and_local_interests_prevail(
    people: dict[str, Person], assessment: str, outcomes: dict[str, str]
) -> None:
    """Step 4, agreeing: 4.2 is agreed from the start; on 4.1 the lower panel grade prevails over the lead's."""
    lead = people["lead"]
    for key, panel in (("healthwatch_chair", HEALTHWATCH), ("staff_chair", STAFF_SIDE)):
        for code in GRADED:
            grade, reason = PANEL_WORDS[panel, code]
            chair = people[key].go("/").follow(f"Record the grade of {panel} for {code}")
            chair.is_refused("Record the panel's grade", "Choose the panel's grade", "Give the panel's reasons")
            chair.choose(grade).fill("The panel's reasons", reason)
            answers_what_is_asked(chair, "Record the panel's grade").sees("is recorded")
    for who in (lead, people["staff_chair"], people["sponsor"]):
        who.go(outcomes["4.2"]).sees("Agreed from the start.")
        who.go(outcomes["4.1"]).sees(
            "The grades differ. Each side can say why.", "Made by the lower of the panels' grades"
        )

    move = lead.go(assessment).address_of("Move “Leadership” on or back")
    lead.go(move).sees("You cannot do this yet", "4.1 waits for both sides' statements")
    lead.go("/").follow("Say why the organisation differs on 4.1, or change the proposal")
    lead.is_refused("Save the statement", "Write the statement")
    lead.fill("Statement", STATEMENTS["lead"]).press("Save the statement").sees("The grades differ.")
    chair = people["healthwatch_chair"].go("/").follow("Say why the local interests differ on 4.1")
    chair.fill("Statement", STATEMENTS["healthwatch_chair"]).press("Save the statement")
    for who in (chair, lead):
        who.go(outcomes["4.1"]).sees("Agreed:", "Local interests prevail.", *STATEMENTS.values())
        agreed = who.page.locator("p", has_text="Agreed:").inner_text()
        assert "Developing" in agreed
        assert "Achieving" not in agreed
    # Nothing on the lead's page takes it back: no deed of theirs concerns the local interests' grade.
    assert "Record the panel's grade" not in lead.main()
    for panel in (HEALTHWATCH, STAFF_SIDE):
        panel_id = _panel_page(lead, assessment, panel).removeprefix("/panels/")
        lead.is_answered(f"{outcomes['4.1']}panels/{panel_id}grade/", 403)
    lead.go(move).press("Close agreeing").sees("“Leadership” is agreed now")


def sponsor_signs_and_lead_publishes(people: dict[str, Person], assessment: str) -> None:
    """Step 5: signed by the sponsor alone, published by the lead, and made before the lead's eyes."""
    lead, sponsor = people["lead"], people["sponsor"]
    lead.is_answered(f"{assessment}sign-off/", 403)
    lead.go(f"{assessment}publish/").sees("The board sponsor has not signed off the report yet.")
    sponsor.go("/").follow("Sign off the report").sees("Local interests prevail", *STATEMENTS.values())
    sponsor.is_refused("Record my decision", "Choose whether you sign off the report")
    sponsor.choose("Yes, I sign it off").press("Record my decision").sees("The report is signed off.")
    sponsor.is_answered(f"{assessment}publish/", 403)
    lead.go("/").follow("Publish the report").sees("Signed off by the board sponsor on")
    lead.is_told("Publish the report", "things must be answered")
    _answers_the_checks(lead, assessment)
    lead.go("/").follow("Publish the report").sees("Nothing holds the report up.").press("Publish the report")
    lead.sees("Version 1 is public.")
    if lead.way.scripts:
        # The page asks again by itself: nobody presses anything here.
        expect(lead.page.locator("#formats")).to_contain_text("Open the PDF of the report", timeout=60_000)
    wait_until(lambda: "Open the PDF" in lead.go(f"{assessment}publishing/").main(), "the PDF", seconds=DEADLINE)
    lead.sees("Ready", "Open the PDF of the report")


def _answers_the_checks(lead: Person, assessment: str) -> None:
    """Each kind of question in turn, all that it found at once."""
    lead.go(f"{assessment}checks/").sees("must be answered", "What is worth knowing")
    waiting = lead.page.locator("main a[href*='/checks/']:not([href*='?'])", has_text=re.compile(r"^\s*Answer"))
    for number in range(20):
        if not waiting.count():
            break
        lead.go(str(waiting.first.get_attribute("href")))
        if number == 0:
            lead.is_refused("Keep my answer", "Write your answer")
        for box in lead.page.locator("main input[type=checkbox]").all():
            lead.tick(box)
        lead.fill("Your answer", "We read it again, and it is meant as it stands.").press("Keep my answer")
        lead.sees("Your answer is kept.")
    lead.sees("Nothing holds the report up.", "Answered by")


def anybody_reads_the_report(anybody: Person, report: str) -> None:
    """Step 6, the page: the local interests' grade, which panels decided and why, and no person's name."""
    anybody.go("/").follow("All published reports")
    year = int(report.split("/")[3])
    anybody.follow(f"Hollin Vale NHS Trust, EDS 2011 {year}-{year % 100 + 1}")
    assert f"{report}v1/" in anybody.page.url
    _tells_what_was_decided(anybody.main(), anybody.html)
    anybody.go(report)
    assert anybody.page.url.endswith(f"{report}v1/")
    anybody.go(f"{report}v1/outcomes/4.1/")
    outcome = anybody.main()
    for words in (
        "Developing",
        *STATEMENTS.values(),
        PANEL_WORDS[HEALTHWATCH, "4.1"][1],
        PANEL_WORDS[STAFF_SIDE, "4.1"][1],
    ):
        assert words in outcome.replace("’", "'")


def anybody_gets_the_pdf(anybody: Person, report: str, folder: Path) -> None:
    """Step 6, the file: tagged, declares PDF/UA-1, and says the same as the page."""
    address = anybody.go(f"{report}v1/").address_of("Download this report as PDF")
    answer = anybody.context.request.get(f"{anybody.url}{address}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.body())) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot.K is not None
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
        assert str(pdf.Root.Lang) == "en-GB"
    path = folder / "report.pdf"
    path.write_bytes(answer.body())
    subprocess.run(["qpdf", "--check", str(path)], capture_output=True, check=True)
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    _tells_what_was_decided(" ".join(text.split()), " ".join(text.split()))


def _tells_what_was_decided(text: str, all_of_it: str) -> None:
    said = text.replace("’", "'")
    for words in (
        "Local interests prevail",
        "Agreed from the start",
        "the lower of the panels' grades",
        WHY_LEFT_OUT,
        HEALTHWATCH,
        STAFF_SIDE,
        *STATEMENTS.values(),
        *(reason for _, reason in PANEL_WORDS.values()),
    ):
        assert words in said, words
    assert re.search(r"4\.1.{0,400}?Developing", said)
    surnames = {name.split()[-1] for name in NAMES.values()}
    assert not _found(surnames | set(NAMES.values()) | set(ADDRESSES.values()), all_of_it)
    assert not _found({reason for _, reason in REVIEWS.values()} | {CHANGED_MIND}, said)

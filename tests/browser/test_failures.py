"""What people read when something goes wrong: brought about for real, on a web server and a worker of its own."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import expect

from eds.pages.demo.people import PEOPLE

from .conftest import MakePerson
from .person import Book, Person, Way
from .processes import Demo, Stage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMES = {person.key: person.name for person in PEOPLE}
REVIEWING = "EDS 2022 2026-27"
PUBLISHED = "EDS 2011 2011-12"


@pytest.fixture(scope="module")
def stage(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A copy of the demo that may be broken. The tests below use different outcomes and versions of it."""
    made = Stage(tmp_path_factory.mktemp("stage") / "data", demo)
    yield made
    made.end()


def _reviews(stage: Stage, words: str) -> int:
    with closing(sqlite3.connect(stage.data / "db.sqlite3", timeout=20)) as database:
        return int(database.execute("SELECT count(*) FROM grading_review WHERE reason = ?", [words]).fetchone()[0])


def _open_review(who: Person, code: str) -> Person:
    return who.go("/").follow(f"{REVIEWING}, Hollin Vale NHS Trust").follow(f"{code} ", exact=False)


@pytest.mark.parametrize("way", [Way.DESKTOP, Way.NO_SCRIPTS], ids=lambda way: way.value)
def test_a_double_click_makes_one_review(person: MakePerson, stage: Stage, book: Book, way: Way) -> None:
    name, code = ("staff_reviewer", "3B") if way.scripts else ("staff_chair", "3C")
    who = _open_review(person(NAMES[name], url=stage.url, way=way), code)
    words = f"Clicked twice, {'with' if way.scripts else 'without'} scripts."
    who.choose("Developing").fill("Your reasons", words)
    who.button("Submit my grade").dblclick(no_wait_after=True)
    who.page.wait_for_url(re.compile(r"/my-reviews/$|/review/$"))
    who.sees(f"Your grade for {code} is submitted.")
    assert _reviews(stage, words) == 1
    assert book.wrongs == []


def test_a_second_tab_that_was_slower_keeps_its_text(person: MakePerson, stage: Stage, book: Book) -> None:
    who = _open_review(person(NAMES["peer"], url=stage.url), "3B")
    first_tab = who.page
    who.page = who.context.new_page()
    _open_review(who, "3B").choose("Developing").fill("Your reasons", "Sent from the second tab.").press(
        "Submit my grade"
    )
    who.page = first_tab
    who.choose("Achieving").fill("Your reasons", "Typed in the first tab.").is_given_back("Submit my grade")
    who.sees("Somebody changed this since you opened it. Your text is kept below", "Sent from the second tab.")
    assert who.page.get_by_label("Your reasons").input_value() == "Typed in the first tab."
    assert who.page.get_by_label("Achieving", exact=True).is_checked()
    assert _reviews(stage, "Typed in the first tab.") == 0
    who.press("Submit my grade").sees("Your grade for 3B is submitted.")
    assert _reviews(stage, "Typed in the first tab.") == 1
    assert book.wrongs == []


def test_a_review_that_comes_too_late_is_given_back(person: MakePerson, stage: Stage, book: Book) -> None:
    late = _open_review(person(NAMES["staff_reviewer"], url=stage.url), "3C")
    late.choose("Developing").fill("Your reasons", "A long text that took a whole evening.")
    expect(late.page.locator(".eds-saved")).to_contain_text("Saved at", timeout=15_000)
    lead = person(NAMES["lead"], url=stage.url).follow(f"{REVIEWING}, Hollin Vale NHS Trust")
    lead.follow("Close reviewing of “Inclusive leadership”").press("Close reviewing and show everything")
    late.is_given_back("Submit my grade")
    late.sees("Reviewing has closed: grades are being agreed now.", "Nothing was saved.")
    assert late.page.get_by_label("Reason").input_value() == "A long text that took a whole evening."
    assert _reviews(stage, "A long text that took a whole evening.") == 0
    assert book.wrongs == []


def _publish_a_correction(person: MakePerson, stage: Stage) -> Person:
    lead = person(NAMES["lead"], url=stage.url)
    lead.follow(f"{PUBLISHED}, Hollin Vale NHS Trust").follow("Correct the published report")
    lead.fill("Why does the published report need a correction?", "A figure was wrong.").press(
        "Reopen for a correction"
    )
    return lead.go("/").follow("Publish the report").fill("What does this version correct?", "A figure was wrong.")


def test_without_a_worker_the_page_says_so_and_the_job_waits(person: MakePerson, stage: Stage, book: Book) -> None:
    lead = _publish_a_correction(person, stage).sees("No worker is running", "The PDF waits until a worker runs")
    lead.press("Publish the report").sees("Version 2 is public.", "Waiting", "No worker is running")
    anybody = person(url=stage.url).go("/reports/hollin-vale/2011/eds-2011/")
    anybody.sees("The PDF is being made. Until it is ready, this page holds the whole report.")
    stage.start_worker()
    expect(lead.page.locator("#formats")).to_contain_text("Open the PDF of the report", timeout=90_000)
    anybody.go("/reports/hollin-vale/2011/eds-2011/v2/").sees("Download this report as PDF")
    assert book.wrongs == []


def test_a_failed_render_says_why_and_can_be_tried_again(person: MakePerson, stage: Stage, book: Book) -> None:
    stage.start_worker()
    lead = _publish_a_correction(person, stage)
    files, away = stage.data / "files", stage.data / "files-away"
    files.rename(away)
    files.write_text("a file where the folder should be, so that nothing can be stored")
    lead.press("Publish the report")
    formats = lead.page.locator("#formats")
    expect(formats).to_contain_text("This did not work. It will be tried again in a moment.", timeout=60_000)
    expect(formats).to_contain_text("Not made", timeout=90_000)
    expect(formats).to_contain_text("could not be stored: the place for files is full or out of reach")
    files.unlink()
    away.rename(files)
    lead.press("Try again").sees("The format is being made again.")
    expect(formats).to_contain_text("Open the PDF of the report", timeout=60_000)
    assert book.wrongs == []

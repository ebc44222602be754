"""Writing rich text: the editor with scripts and by keyboard, marks without, drafts that save themselves, no word lost."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Route, expect

from eds.pages.demo.people import PEOPLE

from .conftest import MakePerson
from .person import Book, Person, Way

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

NAMES = {person.key: person.name for person in PEOPLE}
WORD = """<html><head><style>p.MsoNormal{color:red}</style></head><body><!--StartFragment-->
<p class=MsoNormal>From <b>Word</b><o:p></o:p><img src="https://tracker.example/x.gif"></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>· </span>first<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>· </span>second<o:p></o:p></p>
<script>window.pasted = true</script><!--EndFragment--></body></html>"""
PASTE = """(element, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def _to_new_evidence(who: Person) -> Person:
    """Go to the form for new evidence of the first outcome that still takes some."""
    who.go("/evidence/")
    listed = who.page.locator("a[href^='/evidence/']").all()
    item = next(
        address for link in listed if re.fullmatch(r"/evidence/\w+/", address := link.get_attribute("href") or "")
    )
    return who.go(f"{item}edit/")


def test_text_is_written_pasted_and_saved_by_itself(person: MakePerson, book: Book) -> None:
    who = _to_new_evidence(person(NAMES["lead"]))
    page = who.page
    box = page.get_by_role("textbox", name="What the evidence says")
    expect(box).to_be_visible()
    box.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.get_by_role("button", name="Heading", exact=True).click()
    page.keyboard.type("Who was asked")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Bold").click()
    page.keyboard.type("Forty")
    page.keyboard.press("Control+B")
    page.keyboard.type(" people.")
    page.keyboard.press("Enter")
    box.evaluate(PASTE, WORD)
    expect(box.locator("h2")).to_have_text("Who was asked")
    expect(box.locator("li")).to_have_text(["first", "second"])
    assert page.evaluate("window.pasted") is None
    expect(page.locator(".eds-saved")).to_contain_text("Saved at", timeout=15_000)
    who.go(page.url)
    expect(page.get_by_text("You have unsaved text from").first).to_be_visible()
    page.get_by_role("button", name="Use it").click()
    expect(page.get_by_role("textbox", name="What the evidence says").locator("li")).to_have_text(["first", "second"])
    page.get_by_label("What did you change, and why?").fill("Asked again")
    who.press("Save the new version").sees("The new version is saved.")
    expect(page.get_by_role("heading", name="Who was asked")).to_be_visible()
    # What Word pasted brings styles of its own: the browser refuses them, and says so.
    assert [wrong for wrong in book.wrongs if "style-src" not in wrong] == []


@pytest.mark.parametrize(("typed", "ready"), [("", "editor"), ("Ten people", "kept")])
def test_an_editor_that_comes_late_takes_nothing_from_whoever_is_there(
    person: MakePerson, typed: str, ready: str
) -> None:
    who = _to_new_evidence(person(NAMES["lead"]))
    page = who.page
    kit = page.locator(".eds-rich").first.get_attribute("data-editor")
    held: list[Route] = []
    page.route(f"**{kit}", lambda route: held.append(route))
    page.reload()
    box = page.locator(".eds-rich textarea").first
    box.focus()
    if typed:
        box.fill(typed)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(f".eds-rich[data-ready='{ready}']").first).to_be_attached()
    page.keyboard.press("Control+End")
    page.keyboard.type(" and more")
    written = page.get_by_role("textbox", name="What the evidence says")
    assert (written.input_value() if typed else written.inner_text()).endswith(f"{typed} and more")


def test_the_tools_are_reached_and_used_by_keyboard(person: MakePerson, book: Book) -> None:
    who = _to_new_evidence(person(NAMES["lead"]))
    page = who.page
    tools = page.get_by_role("toolbar", name="Text tools")
    expect(tools).to_be_visible()
    first = page.get_by_role("button", name="Heading", exact=True)
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Smaller heading")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("button", name="Redo")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(first).to_be_focused()
    assert tools.locator("button[tabindex='0']").count() == 1
    assert book.wrongs == []


def test_without_scripts_the_same_text_is_typed_with_marks(person: MakePerson, book: Book) -> None:
    who = _to_new_evidence(person(NAMES["lead"], way=Way.NO_SCRIPTS))
    who.fill("What the evidence says", "# Asked\n\n- one\n- two\n\n| Group | Share |\n| Deaf | 31% |")
    who.fill("What did you change, and why?", "A table").press("Save draft").sees("Your draft is saved")
    assert "| Group | Share |" in who.page.get_by_label("What the evidence says").input_value()
    who.press("Save the new version").sees("The new version is saved.")
    expect(who.page.get_by_role("columnheader", name="Group")).to_be_visible()
    expect(who.page.get_by_role("heading", name="Asked")).to_be_visible()
    assert book.wrongs == []


def test_no_connection_is_said_and_the_text_stays(person: MakePerson, book: Book) -> None:
    who = _to_new_evidence(person(NAMES["lead"]))
    who.context.set_offline(True)
    who.page.get_by_label("What did you change, and why?").fill("Typed in a tunnel")
    expect(who.page.locator(".eds-saved")).to_contain_text("no connection, your text is still here", timeout=15_000)
    who.context.set_offline(False)
    expect(who.page.locator(".eds-saved")).to_contain_text("Saved at", timeout=15_000)
    expect(who.page.get_by_label("What did you change, and why?")).to_have_value("Typed in a tunnel")
    assert [wrong for wrong in book.wrongs if "ERR_INTERNET_DISCONNECTED" not in wrong] == []

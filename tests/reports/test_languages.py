"""Notices in other languages: as a page, and as text that a PDF reader copies, searches and reads aloud."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from django.template.loader import render_to_string
from lxml import html

from eds.pages.demo.notices import NOTICES
from eds.people.models import OrganisationNotice
from reports.payload import build_content
from reports.rendering import render_pdf, report_context
from reports.rendering.words import mark_words
from tests.reports import samples
from tests.reports.tagged import elements_under
from tests.seeds import report_2012
from tests.world import World

# In these the words stand in the marks themselves, because the letters are drawn in another order than they are read.
REORDERED = {"hi", "pa", "gu", "bn"}


def with_notices(texts: dict[str, str]) -> dict[str, Any]:
    """The small sample with the demo's notices, by the name of their language with other texts."""
    payload = samples.small()
    payload["content"]["notices"] = [
        {**notice._asdict(), "text": texts[notice.name], "checked": notice.language == "pl"} for notice in NOTICES
    ]
    return payload


DEMO = {notice.name: notice.text for notice in NOTICES}


@pytest.fixture(scope="module")
def demo_pdf() -> bytes:
    return render_pdf(with_notices(DEMO))


@pytest.fixture
def opened(demo_pdf: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(demo_pdf)) as pdf:
        yield pdf


def test_the_page_says_language_and_direction() -> None:
    payload = with_notices(DEMO)
    body = html.fromstring(f"<main>{render_to_string('reports/v1/body.html', report_context(payload))}</main>")
    said = [
        (each.get("lang"), each.get("dir"), " ".join(each.text_content().split()))
        for each in body.xpath("//div[@class='eds-notice']/div")
    ]
    assert said == [(notice.language, notice.direction, notice.text) for notice in NOTICES]
    headings = [" ".join(each.text_content().split()) for each in body.xpath("//div[@class='eds-notice']/h3")]
    assert headings == [
        notice.name if notice.language == "pl" else f"{notice.name} Translation not checked" for notice in NOTICES
    ]


def assert_copied(texts: dict[str, str], pdf: bytes) -> None:
    """All are copied exactly but for two things that the reader does with what is exact in the file.

    It puts a space where a line ends, also in Chinese, which has none; and since a full stop has no direction, it puts
    the pieces of an Arabic line that has one inside in the order in which they stand from left to right.
    """
    lines = lines_of(pdf)
    text = " ".join(" ".join(lines).split())
    assert {name for name, words in texts.items() if words not in text} <= {"Arabic", "Chinese"}
    assert without_spaces(texts["Chinese"]) in without_spaces(text)
    start, end = (next(at for at, line in enumerate(lines) if line.startswith(name)) for name in ("Arabic", "Urdu"))
    arabic = [".".join(reversed(line.split("."))) for line in lines[start + 1 : end]]
    assert without_spaces("".join(arabic)) == without_spaces(texts["Arabic"])


def lines_of(pdf: bytes) -> list[str]:
    """The lines of a PDF as a reader copies them, without the marks of direction that the reader adds."""
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\f]", "", done.stdout.decode()).splitlines()


def without_spaces(text: str) -> str:
    return "".join(text.split())


def test_the_demos_notices_are_copied_exactly(demo_pdf: bytes) -> None:
    assert_copied(DEMO, demo_pdf)


def test_the_highest_element_in_a_language_says_it(opened: pikepdf.Pdf) -> None:
    said = [(str(each.S), str(each.Lang)) for each in elements_under(opened.Root.StructTreeRoot) if "/Lang" in each]
    assert [language for _, language in said] == [notice.language for notice in NOTICES]
    assert {kind for kind, _ in said} == {"/Div"}


def test_marks_hold_the_words_of_scripts_that_are_drawn_in_another_order(opened: pikepdf.Pdf) -> None:
    found = ""
    for page in opened.pages:
        for step in pikepdf.parse_content_stream(page):
            if str(step.operator) == "BDC":
                assert "/Lang" not in step.operands[1]
                found += str(step.operands[1].get("/ActualText", ""))
    expected = "".join(notice.text for notice in NOTICES if notice.language in REORDERED)
    assert found.replace(" ", "") == expected.replace(" ", "")


def test_each_language_has_its_font(opened: pikepdf.Pdf) -> None:
    fonts = {
        re.sub(r"^/[A-Z]{6}\+", "", str(font.BaseFont)).split("-Regular")[0]
        for page in opened.pages
        for font in page.Resources.Font.values()
    }
    wanted = ("Naskh-Arabic", "Devanagari", "Gurmukhi", "Gujarati", "Bengali", "CJK-TC")
    assert [name for name in wanted if not any(name in font for font in fonts)] == []
    assert not any("Nastaliq" in font for font in fonts)


def test_marking_twice_changes_nothing(demo_pdf: bytes) -> None:
    mark_words()
    mark_words()
    assert render_pdf(with_notices(DEMO)) == demo_pdf


@pytest.mark.skipif(not report_2012.FILE.exists(), reason="The seeds are not beside this repository.")
def test_the_notices_of_2012_are_copied_exactly() -> None:
    texts = {name: " ".join(words.split()) for name, words in report_2012.read_notices().items()}
    assert set(texts) == set(DEMO)
    assert_copied(texts, render_pdf(with_notices(texts)))


@pytest.mark.django_db
def test_the_payload_holds_an_organisations_notices(world: World) -> None:
    for notice in reversed(NOTICES):
        OrganisationNotice(organisation=world.trust, **notice._asdict()).record(actor=world.admin, reason="Translated")
    OrganisationNotice(organisation=world.trust, language="cy", name="Welsh", text="").record(
        actor=world.admin, reason="Not translated yet"
    )
    OrganisationNotice(organisation=world.other_trust, language="pl", name="Polish", text="Inny.").record(
        actor=world.admin, reason="Translated"
    )
    found = build_content(world.refreshed()).notices
    assert [(each.language, each.name, each.direction, each.text, each.checked) for each in found] == [
        (*notice, False) for notice in sorted(NOTICES)
    ]

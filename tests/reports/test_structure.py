"""A walk through the tags of whole reports: what a screen reader is given. No database."""

from __future__ import annotations

import io
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfua
import pikepdf
import pytest

from eds.pages.demo.notices import NOTICES
from eds.ui import richtext
from reports.rendering import render_pdf
from tests.reports import samples
from tests.reports.tagged import elements_under, kids_of, marked_content_under

PAINTING = {"Tj", "TJ", "f", "f*", "S", "B", "Do", "sh"}
# What the checker cannot look at here, with the reason in docs/decisions/0009.
NOT_EVALUATED = {"UA-14-001"}


RICH = richtext.clean(
    "<h2>Who was asked</h2><p>We asked <b>40</b> people, see <a href='https://www.example.org/survey'>the survey</a> and "
    "<a href='mailto:ask@example.org'>ask us</a>.</p><h3>How</h3><ul><li>by letter<ol><li>first</li></ol></li></ul>"
    "<blockquote><p>Nobody rang back.</p></blockquote>"
    "<table><tr><td>Group</td><td>Share</td></tr><tr><th>Deaf people</th><td>31%</td></tr></table>"
)
NASTY = "<script>alert(1)</script><h2>" + "x" * 900 + "</h2><p onclick=a()>" + "<b>" * 30 + "&lt;script&gt;<table><td>"


def _evidence(payload: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for goal in payload["content"]["goals"]:
        for outcome in goal["outcomes"]:
            yield from outcome["evidence"]


def _nasty() -> dict[str, Any]:
    payload = samples.nasty()
    for item in _evidence(payload):
        item["html"] = NASTY
    return payload


def _with_notices() -> dict[str, Any]:
    payload = samples.small()
    for item in _evidence(payload):
        item["html"] = RICH
    for goal in payload["content"]["goals"]:
        for outcome in goal["outcomes"]:
            outcome["summary_html"] = RICH if outcome["summary"] else ""
    payload["content"]["notices"] = [{**notice._asdict(), "checked": False} for notice in NOTICES]
    return payload


@pytest.fixture(scope="module", params=["notices", "nasty"])
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reports") / "report.pdf"
    made.write_bytes(render_pdf(_with_notices() if request.param == "notices" else _nasty()))
    return made


@pytest.fixture
def opened(path: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(path.read_bytes())) as pdf:
        yield pdf


@pytest.fixture
def elements(opened: pikepdf.Pdf) -> list[Any]:
    return list(elements_under(opened.Root.StructTreeRoot))


def test_title_and_language_are_said(opened: pikepdf.Pdf) -> None:
    with opened.open_metadata() as metadata:
        assert metadata["dc:title"]
        assert metadata["pdfuaid:part"] == "1"
    assert str(opened.Root.Lang) == "en-GB"
    assert bool(opened.Root.MarkInfo.Marked) is True
    assert bool(opened.Root.ViewerPreferences.DisplayDocTitle) is True


def test_headings_step_down_in_order_and_say_something(elements: list[Any]) -> None:
    headings = [each for each in elements if re.fullmatch(r"/H\d", str(each.S))]
    levels = [int(str(each.S)[2:]) for each in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(marked_content_under(each) for each in headings)


def test_tables_have_rows_of_cells_and_headers_with_a_scope(elements: list[Any]) -> None:
    tables = [each for each in elements if each.S == "/Table"]
    assert tables
    for table in tables:
        kinds = [str(kid.S) for kid in kids_of(table)]
        assert set(kinds) <= {"/Caption", "/THead", "/TBody"}
        assert "/Caption" not in kinds[1:]
        cells = {"/TH": [], "/TD": []}
        rows = [each for each in elements_under(table) if each.S == "/TR"]
        assert rows
        for row in rows:
            for cell in kids_of(row):
                cells[str(cell.S)].append(cell)
        for cell in cells["/TH"]:
            assert str(cell.A.Scope) in {"/Column", "/Row"}
        named = {str(cell.ID) for cell in cells["/TH"]}
        assert len(named) == len(cells["/TH"])
        for cell in cells["/TD"]:
            assert {str(header) for header in cell.A.Headers} <= named


def test_lists_hold_items_alone(elements: list[Any]) -> None:
    lists = [each for each in elements if each.S == "/L"]
    assert lists
    for each in lists:
        assert {str(kid.S) for kid in kids_of(each)} <= {"/LI", "/L"}
    for each in elements:
        if each.S == "/LI":
            assert {str(kid.S) for kid in kids_of(each)} <= {"/Lbl", "/LBody"}


def test_figures_have_words(elements: list[Any]) -> None:
    assert all(str(each.get("/Alt", "")) for each in elements if each.S == "/Figure")


def test_links_are_tagged_and_say_where_they_lead(opened: pikepdf.Pdf, elements: list[Any]) -> None:
    tagged = {
        kid.Obj.objgen: each
        for each in elements
        for kid in kids_of(each)
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    }
    links = [(page, link) for page in opened.pages for link in page.get("/Annots", [])]
    assert links
    for page, link in links:
        assert str(page.Tabs) == "/S"
        assert int(link.F) == 4
        assert tagged[link.objgen].S == "/Link"
        target = str(link.Dest) if "/Dest" in link else str(link.A.URI)
        assert str(link.Contents).strip() not in {"", target}


def test_everything_drawn_is_content_with_a_tag_or_an_artifact(opened: pikepdf.Pdf) -> None:
    owned = Counter(marked_content_under(opened.Root.StructTreeRoot.K[0]))
    assert set(owned.values()) == {1}
    drawn = set()
    for page in opened.pages:
        inside: list[Any] = []
        words_beside_the_text = 0
        for step in pikepdf.parse_content_stream(page):
            operator = str(step.operator)
            if operator == "BDC":
                inside.append(int(step.operands[1].MCID))
                drawn.add((page.objgen[0], inside[-1]))
            elif operator == "BMC":
                assert str(step.operands[0]) == "/Artifact"
                inside.append("artifact")
            elif operator == "EMC":
                inside.pop()
            elif operator in PAINTING:
                assert inside
                words_beside_the_text += operator in {"Tj", "TJ"} and "artifact" in inside
        assert not inside
        assert words_beside_the_text >= 1  # the number of the page, on later pages the running head as well
    assert drawn == set(owned)


def test_the_tree_finds_the_owner_of_each_mark(opened: pikepdf.Pdf, elements: list[Any]) -> None:
    in_tree = {each.objgen for each in elements}
    numbers = opened.Root.StructTreeRoot.ParentTree.Nums
    owners = dict(zip(list(numbers)[::2], list(numbers)[1::2], strict=True))
    for page in opened.pages:
        for number, owner in enumerate(owners[int(page.StructParents)]):
            if owner is not None:
                assert owner.objgen in in_tree
                assert number in [int(kid) for kid in kids_of(owner) if not isinstance(kid, pikepdf.Dictionary)]


def test_every_glyph_has_a_character(opened: pikepdf.Pdf) -> None:
    fonts = {font.objgen: font for page in opened.pages for font in page.Resources.Font.values()}
    assert fonts
    for font in fonts.values():
        assert b" <>" not in font.ToUnicode.read_bytes()


def test_the_checker_finds_nothing(path: Path) -> None:
    report = pdfua.validate(str(path))
    assert [(found.rule_id, found.message) for found in report.findings] == []
    assert {outcome.rule_id for outcome in report.skipped} <= NOT_EVALUATED


def test_rich_text_is_tagged_as_what_it_is(path: Path, elements: list[Any]) -> None:
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True, text=True).stdout
    if "Who was asked" not in text:
        assert "alert(1)" not in text
        return
    tags = Counter(str(element.S) for element in elements)
    scopes = {str(element.A.Scope) for element in elements if str(element.S) == "/TH" and "/A" in element}
    assert scopes == {"/Column", "/Row"}
    assert tags["/BlockQuote"] >= 1
    assert "Deaf people" in text
    assert "the survey" in text

"""The printed pages of whole reports: contents, running heads, the same words as on the public page, and how they look."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string
from lxml import html
from PIL import Image, ImageStat

from reports.rendering import render_pdf, report_context
from tests.reports import editions, samples

REPORTS: dict[str, Callable[[], dict[str, Any]]] = {
    "2011": editions.eds_2011,
    "eds2": editions.eds_2,
    "2022": editions.eds_2022,
    "nasty": samples.nasty,
}


@pytest.fixture(scope="module", params=REPORTS)
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    payload = REPORTS[request.param]()
    made = tmp_path_factory.mktemp("pages") / "report.pdf"
    made.write_bytes(render_pdf(payload))
    return payload, made


def pages_of(made: Path, *arguments: str) -> list[str]:
    """The words of each page, in one line."""
    done = subprocess.run(["pdftotext", *arguments, made, "-"], capture_output=True, check=True)
    return [" ".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]


def body_of(payload: dict[str, Any]) -> Any:
    return html.fromstring(f"<main>{render_to_string('reports/v1/body.html', report_context(payload))}</main>")


def bare(text: str) -> str:
    """A text without spaces and marks of direction: where a line ends is the page's own affair."""
    return re.sub(r"[\s\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)


def test_the_contents_give_the_page_on_which_each_part_begins(report: tuple[dict[str, Any], Path]) -> None:
    payload, made = report
    pages = pages_of(made, "-layout")
    first = next(number for number, page in enumerate(pages) if re.search(r"(?<!\w)Contents ", page))
    chapters = [" ".join(each.text_content().split()) for each in body_of(payload).xpath("//h2")][3:]
    listed = " ".join(pages[first:])
    for heading in chapters:
        shown = heading[:40].strip()  # long lines are cut in the contents
        found = re.search(rf"{re.escape(shown)}.{{0,60}}? (\d+)(?= |$)", listed)
        assert found, heading
        assert bare(shown) in bare(pages[int(found[1]) - 1]), heading
        assert int(found[1]) > first + 1


def test_each_page_after_the_first_has_a_running_head_and_all_have_their_number(
    report: tuple[dict[str, Any], Path],
) -> None:
    payload, made = report
    head = pages_of(made, "-x", "0", "-y", "0", "-W", "600", "-H", "66", "-r", "72")
    foot = pages_of(made, "-x", "0", "-y", "780", "-W", "600", "-H", "62", "-r", "72")
    content = report_context(payload)["content"]
    assert head[0] == ""
    assert len(head) > 3
    for page in head[1:]:
        assert page.startswith(content["organisation"]["name"][:20].strip())
        assert page.endswith(content["year"])
    assert foot == [f"Page {number} of {len(foot)}" for number in range(1, len(foot) + 1)]


def test_the_page_and_the_pdf_say_the_same(report: tuple[dict[str, Any], Path]) -> None:
    """Each paragraph, item, cell and heading of the public page's report stands in the PDF, from the same payload."""
    payload, made = report
    printed = bare(" ".join(pages_of(made, "-raw", "-x", "0", "-y", "66", "-W", "595", "-H", "714", "-r", "72")))
    body = body_of(payload)
    for unseen in body.xpath("//*[@class='eds-no-print' or @class='nhsuk-table__heading']"):
        unseen.drop_tree()
    checked = 0
    for each in body.iter("p", "li", "td", "th", "h2", "h3", "h4", "h5", "h6"):
        own = [text for text in each.itertext() if re.search(r"[A-Za-z]", text) and text.isascii()]
        for text in own:
            for piece in re.split(r"\n", text):
                words = bare(piece)
                # In the contents long lines are cut, and of very long words each line ends where it must.
                if len(words) < 300:
                    assert words in printed, piece
                    checked += 1
    assert checked > 50


def test_no_page_is_empty_and_nothing_is_drawn_beyond_the_margins(
    report: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    _, made = report
    subprocess.run(["pdftoppm", "-r", "40", "-gray", made, tmp_path / "page"], check=True)
    pictures = sorted(tmp_path.glob("page-*.pgm"))
    assert len(pictures) == len(pages_of(made))
    for path in pictures:
        with Image.open(path) as picture:
            width, height = picture.size
            edge = round(width * 12 / 210)
            body = picture.crop((0, round(height * 25 / 297), width, round(height * 274 / 297)))
            assert ImageStat.Stat(body).extrema[0][0] < 200, f"{path.name} is empty"
            for box in (
                (0, 0, edge, height),
                (width - edge, 0, width, height),
                (0, 0, width, edge // 2),
                (0, height - edge // 2, width, height),
            ):
                assert ImageStat.Stat(picture.crop(box)).extrema[0][0] == 255, f"{path.name}: ink at the edge {box}"

"""Every kind of mail as HTML: sound, readable by everybody, the same as its plain text, and with nothing from outside."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from lxml import html

from eds.jobs.letters import Letter, site_url, write_letter
from tests.browser.markup import errors_in
from tests.ui.test_contrast import ENOUGH, HEX, contrast

KINDS = sorted(
    path.stem for path in (Path(settings.BASE_DIR) / "templates" / "mail").glob("*.txt") if path.stem != "base"
)
ADDRESS = "/account/link/?key=a&b=1"


SAYS: dict[str, Any] = {"until": datetime.date(2027, 2, 28), "minutes": 60} | {
    # the plan
    "title": "EDS 2022 2026-27", "organisation": "Hollin Vale Trust", "month": "March 2027", "due": 2, "days": 30,
    "open": 7, "late": 1, "ownerless": 0, "dateless": 3, "number": 1, "months": 2,
}  # fmt: skip


def letter(kind: str) -> Letter:
    return write_letter("to@example.org", kind, url=site_url(ADDRESS), **SAYS)


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def test_every_kind_is_looked_at() -> None:
    assert KINDS == [
        "invitation", "new_password", "part_ended", "plan_digest", "plan_due", "plan_escalation", "reminder",
        "sign_in", "something_to_read",
    ]  # fmt: skip


def test_the_nu_checker_finds_nothing(tmp_path: Path) -> None:
    for kind in KINDS:
        (tmp_path / f"{kind}.html").write_text(letter(kind).html)
    assert errors_in(tmp_path) == []


@pytest.mark.parametrize("kind", KINDS)
def test_it_has_language_title_heading_and_links_with_words(kind: str) -> None:
    sent = letter(kind)
    page = html.fromstring(sent.html)
    assert page.get("lang") == "en-GB"
    assert [words(each) for each in page.xpath("//title | //h1")] == [sent.heading, sent.heading]
    assert len(page.xpath("//main")) == 1
    button, address = page.xpath("//a")
    assert button.get("href") == address.get("href") == site_url(ADDRESS)
    assert re.fullmatch(r"[A-Z][a-z ]{3,30}", words(button))
    assert words(address) == site_url(ADDRESS)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_it_comes_from_outside_or_runs(kind: str) -> None:
    page = html.fromstring(letter(kind).html)
    assert {each.tag for each in page.iter()} <= {
        "html", "head", "meta", "title", "style", "body", "main", "h1", "p", "a"
    }  # fmt: skip
    assert not page.xpath("//@src | //@srcset | //@background | //@style | //@*[starts-with(name(), 'on')]")
    style = page.xpath("string(//style)")
    assert "url(" not in style
    assert "@" not in style


@pytest.mark.parametrize("kind", KINDS)
def test_plain_text_and_html_say_the_same(kind: str) -> None:
    sent = letter(kind)
    said = words(html.fromstring(sent.html).find(".//main"))
    for block in sent.text.strip().split("\n\n"):
        for line in block.removesuffix(":").replace(":\n", "\n").splitlines():
            assert line in said
    assert site_url(ADDRESS) in sent.text
    assert not re.search(r"[<>{}\[\]]|&\w+;", sent.text)


def test_its_colours_keep_seven_to_one() -> None:
    style = html.fromstring(letter("sign_in").html).xpath("string(//style)")
    rules = {name.strip(): HEX.findall(body) for name, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style)}
    ground, ink = rules["body"]
    paper = rules["main"][0]
    assert contrast(ink, ground) >= ENOUGH
    assert contrast(ink, paper) >= ENOUGH
    assert contrast(*rules["a.button"]) >= ENOUGH
    assert contrast(rules["a"][0], paper) >= ENOUGH

"""What we write can be read at the age of 12: every page in every phase for each role, and every sentence in code.

Official texts, names and what people wrote are left out: those marked data-official or data-user-text in templates, and
every stored text. A failure lists the hardest sentences with their page.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from lxml import html

from eds.ui.glossary import terms
from tests.leaks.walk import sign_in
from tests.matrix.routes import all_routes
from tests.matrix.scene import PHASES, values_for, world_in
from tests.world import World

from .literals import modules, sentences_in
from .measure import HARDEST, blocks_of, grade, sentences_of, syllables

READERS = ("", "lead", "contributor", "community_chair", "sponsor", "admin")
NAME = "Ann"
HARD = ("quorum", "median", "consensus", "dissent", "remit", "local interests", "blind", "protected characteristic")
"""The field's terms that no reader need know; a page that uses one explains it in place."""
SAID_ELSEWHERE = {"assessment", "glossary", "report-draft", "sign-off", "publish", "public-report", "public-outcome"}
"""The list of words itself, the report, which explains how it was made, and what only counts or links."""
STORED = {"frameworks", "people", "assessments", "evidence", "grading", "objectives", "reports"}
SHOWN = 6


def test_the_measure() -> None:
    assert [syllables(word) for word in ("cat", "grade", "panel", "evidence", "organisation")] == [1, 1, 2, 3, 5]
    assert sentences_of(["One. Two three!", "A label", "12"]) == ["One.", "Two three!", "A label"]
    assert grade(["The cat sat on the mat."]) < 1 < HARDEST
    assert (
        grade(["Organisational accountability necessitates comprehensive documentation of methodological decisions."])
        > 20
    )


def test_what_is_not_ours_is_left_out() -> None:
    page = "<main><h1>Grade</h1><p>Ours <b>too</b>. <span data-user-text>Theirs</span></p><p data-official>Theirs</p></main>"
    assert blocks_of(page) == ["Grade", "Ours too."]


def _said(sentences: list[str]) -> str:
    hardest = sorted(set(sentences), key=lambda each: grade([each]) * min(len(each), 60), reverse=True)[:SHOWN]
    return "".join(f"\n      {grade([each]):5.1f}  {each}" for each in hardest)


@pytest.mark.parametrize("path", modules(), ids=lambda path: "/".join(path.parts[-3:]))
def test_sentences_in_code(path: Path) -> None:
    sentences = sentences_of(sentences_in(path))
    assert grade(sentences) <= HARDEST, f"{path.name}: {grade(sentences):.1f}{_said(sentences)}"


def test_the_glossary_itself() -> None:
    sentences = sentences_of(term.words for term in terms().values())
    assert grade(sentences) <= HARDEST, _said(sentences)


def _stored_texts() -> Iterator[str]:
    for model in apps.get_models():
        if model._meta.app_label not in STORED or model.__name__.startswith("Historical"):
            continue
        for field in model._meta.get_fields():
            if isinstance(field, models.CharField | models.TextField) and not field.choices:
                yield from model._default_manager.values_list(field.name, flat=True)


def _names(world: World) -> re.Pattern[str]:
    """Find what is stored: official texts, names, and what people wrote, the longest first."""
    texts = {" ".join(str(text).split()) for text in _stored_texts() if text and len(str(text)) > 3}
    kept = sorted((text for text in texts if " " in text or text[:1].isupper()), key=len, reverse=True)
    return re.compile("|".join(rf"\b{re.escape(text)}" for text in kept))


def _pages(client: Client, world: World) -> Iterator[tuple[str, str]]:
    """Give every page that answers, and every form that comes back with its errors."""
    for route in all_routes():
        if route.pattern.startswith("admin/") or route.name in {"demo-enter", "account_logout"}:
            continue
        url = route.url(values_for(world, route))
        for word, ask in (("", client.get), (", sent empty", client.post)):
            with transaction.atomic():
                response = ask(url)
                transaction.set_rollback(True)
            if response.status_code not in {200, 422} or not response.headers["Content-Type"].startswith("text/html"):
                break
            page = response.content.decode()
            yield route.name + word, page
            if '<form method="post"' not in page:
                break


def _unexplained(page: str) -> list[str]:
    """Give the hard terms in our own words of a page that it explains nowhere."""
    ours = " ".join(blocks_of(page)).lower()
    explained = {"".join(term.itertext()).lower() for term in html.document_fromstring(page).iter("dfn")}
    return [term for term in HARD if re.search(rf"\b{term}s?\b", ours) and term not in explained]


def test_an_unexplained_term_is_found() -> None:
    page = "<main><p>A <dfn>Quorum</dfn> is a number.</p><p>Quorum and medians.</p><p data-official>Dissent.</p></main>"
    assert _unexplained(page) == ["median"]


@pytest.mark.django_db
@pytest.mark.parametrize("phase", ["P", "R", "A", "X"])
def test_every_page(phase: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")
    world = world_in(phase)
    names = _names(world)
    seen: set[tuple[str, ...]] = set()
    wrong = []
    for reader in READERS:
        client = sign_in(world, reader)
        for route, page in _pages(client, world):
            blocks = tuple(blocks_of(page))
            if blocks in seen:
                continue
            seen.add(blocks)
            if unexplained := _unexplained(page) if route.partition(",")[0] not in SAID_ELSEWHERE else []:
                wrong.append(f"{route} for {reader or 'anybody'} does not explain {', '.join(unexplained)}")
            sentences = sentences_of(names.sub(NAME, block) for block in blocks)
            found = grade(sentences)
            if found > HARDEST:
                wrong.append(f"{route} for {reader or 'anybody'}: {found:.1f}{_said(sentences)}")
    assert not wrong, f"while {PHASES[phase]}, {len(wrong)} pages are too hard or explain too little:\n" + "\n".join(
        wrong
    )

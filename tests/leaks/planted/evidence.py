"""Evidence with planted words: items and files, what is said of people, and what somebody typed and did not send."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils import timezone

from eds.frameworks.models import Characteristic
from eds.ui.models import UnsavedText
from evidence import domain as evidence
from evidence.figures.writing import FigureText, RowText
from evidence.findings.domain import settle_finding
from evidence.findings.writing import FindingText
from evidence.models import EvidenceItem, Sharing
from evidence.privacy.domain import answer_question, mark_story
from evidence.privacy.sharing import found_in
from tests.matrix.scene import upload
from tests.world import World

from .table import WORDS


def text(label: str) -> evidence.EvidenceText:
    """Give title and text with the words of a label."""
    words = f"They said {WORDS[f'{label}-text']} to us."
    if label in {"pinned", "correction"}:
        words += " Write to team@example.org."
    return evidence.EvidenceText(f"About {WORDS[f'{label}-title']}", words, "HR", "2026")


def file(label: str) -> list[object]:
    """Give a file whose name and content hold the words of a label."""
    return [upload(f"{WORDS[f'{label}-file-name']}.txt", f"Figures: {WORDS[f'{label}-file']}\n")]


def correct(world: World, label: str, reason: str) -> None:
    """Correct the item that everybody may see."""
    item = world.made["pinned"]
    assert isinstance(item, EvidenceItem)
    evidence.correct_item(
        actor=world.contributor,
        item=item,
        content=text(label),
        sharing=Sharing.PUBLIC,
        reason=reason,
        files=file(label),  # type: ignore[arg-type]
        expected_version=evidence.latest_version(item).seq,
    )


def answer_privacy(world: World) -> None:
    """An address in what everybody may see is answered for, and a story's consent is kept."""
    item = world.made["pinned"]
    assert isinstance(item, EvidenceItem)
    settle_finding(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        characteristic=Characteristic.objects.get(revision=world.revision, code="age"),
        fares="worse",
        reason=f"Set because of {WORDS['settled']}.",
    )
    mark_story(
        actor=world.contributor,
        item=item,
        kind="consent",
        scope="public",
        consent_for=f"A report on {WORDS['story-consent']}",
    )
    for found in found_in(evidence.latest_version(item)):
        answer_question(
            actor=world.contributor,
            item=item,
            found=found,
            answer="not_a_person",
            reason=f"It is the {WORDS['privacy-why']} team.",
        )


def add_details(world: World) -> None:
    """A figure of few people in the item that everybody may see, and a finding in one that stays inside."""
    rows = (RowText("Disabled staff", Decimal(WORDS["small-number"]), 3, 7), RowText("Others", Decimal(60), 60, 100))
    figure = FigureText("Trained", "percent", rows, source="HR", period="2026", about_code="sex", about_name="Sex")
    finding = FindingText("disability", "Disability", "", "worse", f"Because of {WORDS['inside-finding']}.")
    for made, details in (("pinned", {"figures": [figure]}), ("inside", {"findings": [finding]})):
        item = world.made[made]
        assert isinstance(item, EvidenceItem)
        evidence.change_details(
            actor=world.contributor,
            item=item,
            reason="Added",
            expected_version=evidence.latest_version(item).seq,
            **details,  # type: ignore[arg-type]
        )


def type_and_leave(world: World) -> None:
    """A contributor and a reviewer have each typed something that they did not send."""
    item = world.made["pinned"]
    assert isinstance(item, EvidenceItem)
    for who, label, field, place in (
        ("contributor", "unsaved-version", "source", reverse("evidence-edit", args=[item.public_id])),
        ("second", "unsaved-question", "text", reverse("question-ask", args=[world.outcomes["4.1"].public_id])),
    ):
        fields = {field: [f"Perhaps {WORDS[label]}."]}
        UnsavedText.objects.create(user=world.people[who], place=place, fields=fields, saved_at=timezone.now())

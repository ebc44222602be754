"""How far evidence travels: its own sharing level, less what its story's consent and open questions leave of it (R16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, QuerySet, Subquery

from eds.history.models import today
from eds.history.prepared import prepared
from eds.history.reading import Reading, read, together
from evidence.figures.shown import small_numbers

from .files import from_stored
from .models import StoryMark, TextAnswer
from .rules import Found, Kind, consent_holds, look_through

if TYPE_CHECKING:
    from evidence.models import EvidenceVersion

ORDER = ["organisation", "panels", "public"]


@dataclass(frozen=True)
class Travel:
    """How far a version travels, and what holds it back: questions that wait for an answer, or a story without consent.

    Small numbers in prose are `warnings`: they are asked about, and hold nothing back (R15).
    """

    level: str
    open_questions: tuple[Found, ...] = ()
    warnings: tuple[Found, ...] = ()
    story: StoryMark | None = None
    story_holds: bool = False

    @property
    def held_back(self) -> bool:
        """Say whether something keeps it from people whom its sharing level would let read it."""
        return bool(self.open_questions) or self.story_holds


def texts_of(version: EvidenceVersion) -> list[str]:
    """Give all words of a version that people read; its files, findings and figures are best prefetched."""
    texts = [version.title, version.words, version.source, version.period, version.who_it_covers]
    texts += [file.name for file in version.files.all()]
    for finding in version.findings.all():
        texts += [finding.category, finding.explanation, finding.test]
    for figure in version.figures.all():
        texts += [figure.title, figure.source, figure.period, figure.comparison_words]
        texts += [row.label for row in figure.rows.all()]
    return texts


def found_in(version: EvidenceVersion) -> list[Found]:
    """Give what in a version and its files has to be asked about, each once."""
    found = {each.key: each for file in version.files.all() for each in from_stored(file.found)}
    found |= {each.key: each for each in look_through(texts_of(version), threshold=small_numbers().default)}
    return list(found.values())


def travel_of(versions: Iterable[EvidenceVersion], levels: Mapping[int, str]) -> dict[int, Travel]:
    """Give how far versions travel, by their primary key; `levels` are the sharing levels by item (one query)."""
    versions = list(versions)
    items = {version.item_id for version in versions}
    answers, marks = together(reading_answers(items), reading_marks(items))
    return travel_from(versions, levels, answers, marks)


def travel_from(
    versions: Iterable[EvidenceVersion],
    levels: Mapping[int, str],
    answers: Mapping[int, Mapping[str, TextAnswer]],
    marks: Mapping[int, StoryMark],
) -> dict[int, Travel]:
    """Give what travel_of() gives, of answers and marks that were read already."""
    result = {}
    for version in versions:
        level = levels[version.item_id]
        answered = answers.get(version.item_id, {})
        waiting = tuple(found for found in found_in(version) if not _settled(answered.get(found.key)))
        mark = marks.get(version.item_id)
        by_story = _by_story(mark)
        questions = tuple(found for found in waiting if found.kind is not Kind.SMALL_NUMBER)
        lowest = min([level, by_story, "organisation" if questions else "public"], key=ORDER.index)
        result[version.pk] = Travel(
            level=lowest,
            open_questions=questions if level != "organisation" else (),
            warnings=tuple(found for found in waiting if found.kind is Kind.SMALL_NUMBER and level != "organisation"),
            story=mark,
            story_holds=ORDER.index(by_story) < ORDER.index(level),
        )
    return result


def latest_answers(items: Iterable[int]) -> dict[int, dict[str, TextAnswer]]:
    """Give the answers that count, by item and key (one query)."""
    return read(reading_answers(items))


@prepared
def _newest_answers(items: Sequence[int]) -> QuerySet[TextAnswer]:
    newest = TextAnswer.objects.filter(item=OuterRef("item"), key=OuterRef("key")).order_by("-seq").values("pk")[:1]
    return TextAnswer.objects.filter(item__in=items, pk=Subquery(newest)).select_related("actor")


@prepared
def _newest_marks(items: Sequence[int]) -> QuerySet[StoryMark]:
    newest = StoryMark.objects.filter(item=OuterRef("item")).order_by("-seq").values("pk")[:1]
    return StoryMark.objects.filter(item__in=items, pk=Subquery(newest)).select_related("actor")


def reading_answers(items: Iterable[int]) -> Reading[dict[int, dict[str, TextAnswer]]]:
    """Give what latest_answers() gives (one step)."""
    found: dict[int, dict[str, TextAnswer]] = {}
    rows = _newest_answers(list(items))
    yield [rows]
    for row in rows:
        found.setdefault(row.item_id, {})[row.key] = row
    return found


def latest_marks(items: Iterable[int]) -> dict[int, StoryMark]:
    """Give what is known of items' stories (one query)."""
    return read(reading_marks(items))


def reading_marks(items: Iterable[int]) -> Reading[dict[int, StoryMark]]:
    """Give what latest_marks() gives (one step)."""
    rows = _newest_marks(list(items))
    yield [rows]
    return {row.item_id: row for row in rows}


def _settled(answer: TextAnswer | None) -> bool:
    return answer is not None and answer.answer != TextAnswer.Answer.WILL_REMOVE


def _by_story(mark: StoryMark | None) -> str:
    if mark is None or mark.kind in {StoryMark.Kind.NO_STORY, StoryMark.Kind.FICTIONALISED}:
        return "public"
    if mark.kind == StoryMark.Kind.CONSENT and consent_holds(mark.consent_until, today()):
        return mark.scope
    return "organisation"

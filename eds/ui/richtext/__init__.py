"""Rich text: what is kept of it, how it is shown, and how it is typed without scripts.

    clean(html)            any HTML, Word's too → the one form that is stored
    from_plain(text)       a plain text as it always looked → HTML
    from_marks(text)       a text with simple marks ("# ", "- ", "| a | b |") → HTML; to_marks(html) is the way back
    to_text(html)          the words, for checks, comparing and searching
    words(html)            how many words
    shift_headings(html, level)   headings under a heading of the level above
    render(html, level)    for a page, with the classes of NHS.UK

Every way in goes through one tree (`tree`) and one allow-list (`markup`), and what is written comes from the tree
alone: a tag that is not on the list cannot be written.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from eds.ui.text import blocks_of, word_count

from .marks import read_marks, write_marks
from .markup import LONGEST_SENT, Look, Unreadable, last_clean, read_html, tidy_characters, write_html
from .tree import Block, Heading, Item, Line, Listing, Paragraph, Quote, Run, Table, line_of, regular

__all__ = [
    "LONGEST", "LONGEST_SENT", "Unreadable", "clean", "from_marks", "from_plain", "links", "render", "shift_headings",
    "to_marks", "to_text", "words",
]  # fmt: skip

LONGEST = 200_000
"""Characters that a stored text may have; about 60 printed pages."""

_CLASSES = {
    "heading1": "nhsuk-heading-s",
    "heading2": "nhsuk-heading-xs",
    "heading3": "nhsuk-heading-xs",
    "ul": "nhsuk-list nhsuk-list--bullet",
    "ol": "nhsuk-list nhsuk-list--number",
    "table": "nhsuk-table",
    "thead": "nhsuk-table__head",
    "tbody": "nhsuk-table__body",
    "tr": "nhsuk-table__row",
    "th": "nhsuk-table__header",
    "td": "nhsuk-table__cell",
    "blockquote": "eds-quote",
    "a": "nhsuk-link",
}


def clean(html: str) -> str:
    """Give the stored form of any HTML: harmless, regular, and the same again when cleaned again.

    Raises Unreadable for more than LONGEST_SENT characters, or for tags tangled as no program for writing does.
    """
    return write_html(read_html(html))


def from_marks(text: str) -> str:
    """Make rich text of a text typed with simple marks. Raises Unreadable for more than LONGEST_SENT characters."""
    if len(text) > LONGEST_SENT:
        raise Unreadable
    return write_html(read_marks(text))


def to_marks(html: str) -> str:
    """Give a rich text as it can be typed; `from_marks` makes exactly the same rich text of it."""
    return write_marks(read_html(html))


def from_plain(text: str) -> str:
    """Make rich text of a plain text, with the paragraphs, lists and line ends that `lines` draws."""
    blocks: list[Block] = []
    for kind, rows in blocks_of(tidy_characters(text)):
        lines = [line for row in rows if (line := line_of([Run(row)]))]
        if kind == "list":
            blocks.append(Listing(items=[Item((line,)) for line in lines]))
        elif lines:
            blocks.append(Paragraph(tuple(lines)))
    return write_html(regular(blocks))


def to_text(html: str) -> str:
    """Give the words of a rich text, paragraph by paragraph, with the addresses of its links."""
    return write_marks(read_html(html), bare=True)


def words(html: str) -> int:
    """Count the words of a rich text."""
    return sum(word_count("".join(run.text for run in line)) for line in _lines(read_html(html)))


def links(html: str) -> dict[str, str]:
    """Give the words of each link of a rich text, by its address; the first where an address stands in several."""
    found: dict[str, str] = {}
    for line in _lines(read_html(html)):
        for href, runs in groupby(line, key=lambda run: run.href):
            if href:
                found.setdefault(href, "".join(run.text for run in runs).strip())
    return found


def _lines(blocks: list[Block]) -> Iterator[Line]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block.line
        elif isinstance(block, Paragraph):
            yield from block.lines
        elif isinstance(block, Quote):
            yield from _lines(block.blocks)
        elif isinstance(block, Table):
            for row in block.rows:
                for cell in row:
                    yield from cell
        else:
            yield from _list_lines(block)


def _list_lines(listing: Listing) -> Iterator[Line]:
    for item in listing.items:
        yield from item.lines
        for inner in item.lists:
            yield from _list_lines(inner)


def shift_headings(html: str, level: int) -> str:
    """Give a rich text whose largest headings have this level."""
    return write_html(read_html(html), Look(level))


@lru_cache(maxsize=1024)
def render(html: str, level: int = 3) -> SafeString:
    """Draw a rich text for a page, its largest headings at this level. Whatever is stored is cleaned once more."""
    blocks = read_html(last_clean(html))
    return mark_safe(write_html(blocks, Look(level, _CLASSES, scroll=True)))  # noqa: S308 - written from the tree alone

"""What a rich text is made of, and its one regular form: two texts that read alike are the same tree.

A text is a list of blocks. Lines of runs stand in paragraphs, list items and cells; a heading is one line. There is no
deeper nesting than lists in lists and blocks in a quote, so that every tree can be drawn, spoken and typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

LEVELS = 3
"""Levels of headings."""
DEEPEST_LIST = 6


class Run(NamedTuple):
    """Letters that look alike. The text "\\n" ends a line while a tree is being built, and never later."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 stands directly under whatever heading the page has above the text."""

    level: int
    line: Line


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with its line breaks."""

    lines: tuple[Line, ...]


@dataclass
class Item:
    """An item of a list, with lists under it."""

    lines: Sequence[Line]
    lists: list[Listing] = field(default_factory=list)


@dataclass
class Listing:
    """A list; where `ordered`, its first number is `start`."""

    ordered: bool = False
    start: int = 1
    items: list[Item] = field(default_factory=list)


@dataclass
class Quote:
    """A quotation of paragraphs, lists and tables."""

    blocks: list[Block] = field(default_factory=list)


@dataclass
class Table:
    """A plain grid of at least two cells. The first of several rows is the head."""

    rows: list[list[tuple[Line, ...]]]
    row_headers: bool = False

    @property
    def has_head(self) -> bool:
        """Whether the first row names the columns."""
        return len(self.rows) > 1


Block = Heading | Paragraph | Listing | Quote | Table

_SPACE = re.compile(r"[ \t\n\r\f\v\xa0\u2028\u2029]+")


def line_of(runs: Iterable[Run]) -> Line:
    """Give a line with single spaces, none at its ends, and neighbours that look alike as one run."""
    pieces: list[tuple[Run, list[str]]] = []
    after_space = True
    for run in runs:
        words = _SPACE.sub(" ", run.text)
        if after_space:
            words = words.removeprefix(" ")
        if not words:
            continue
        after_space = words.endswith(" ")
        if pieces and pieces[-1][0][1:] == run[1:]:
            pieces[-1][1].append(words)
        else:
            pieces.append((run, [words]))
    found = [run._replace(text="".join(words)) for run, words in pieces]
    while found and not (last := found[-1].text.rstrip(" ")):
        found.pop()
    if found:
        found[-1] = found[-1]._replace(text=last)
    return tuple(found)


def lines_of(runs: Iterable[Run]) -> list[Line]:
    """Give the lines of runs, an empty one where two breaks follow each other."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        if run.text == "\n":
            lines.append([])
        else:
            lines[-1].append(run)
    return [line_of(line) for line in lines]


def filled(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Give the lines that are not empty."""
    return tuple(line for line in lines if line)


def emboldened(line: Line, bold: bool = True) -> Line:
    """Give a line in bold letters, or in none."""
    return line_of(run._replace(bold=bold) for run in line)


def paragraphs(lines: Iterable[Line]) -> list[Paragraph]:
    """Make paragraphs of lines; an empty line starts a new one."""
    groups: list[list[Line]] = [[]]
    for line in lines:
        if line:
            groups[-1].append(line)
        elif groups[-1]:
            groups.append([])
    return [Paragraph(tuple(group)) for group in groups if group]


def regular(blocks: Sequence[Block]) -> list[Block]:
    """Bring blocks into the one form: nothing empty, lists joined, tables square, headings without a gap."""
    found: list[Block] = []
    levels: list[int] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            block = Paragraph(filled(block.lines))
            if not block.lines:
                continue
        elif isinstance(block, Heading):
            if not block.line:
                continue
            while levels and levels[-1] >= block.level:
                levels.pop()
            levels.append(block.level)
            block = Heading(min(len(levels), LEVELS), emboldened(block.line, bold=False))
        elif isinstance(block, Quote):
            block = Quote(regular(list(_without_headings(block.blocks))))
            if not block.blocks:
                continue
        elif isinstance(block, Table):
            found += _table(block)
            continue
        elif isinstance(block, Listing):
            for listing in _lists([block]):
                before = found[-1] if found else None
                if isinstance(before, Listing) and _goes_on(before, listing):
                    before.items += listing.items
                else:
                    found.append(listing)
            continue
        found.append(block)
    return found


def _without_headings(blocks: Iterable[Block]) -> Iterable[Block]:
    for block in blocks:
        if isinstance(block, Heading):
            yield Paragraph((emboldened(block.line),))
        elif isinstance(block, Quote):
            yield from _without_headings(block.blocks)
        else:
            yield block


def _lists(lists: Iterable[Listing], depth: int = 1) -> list[Listing]:
    found: list[Listing] = []
    for listing in lists:
        items: list[Item] = []
        for item in listing.items:
            under = _lists(item.lists, depth + 1)
            lines = filled(item.lines)
            if lines and (depth < DEEPEST_LIST or not under):
                items.append(Item(lines, under))
                continue
            if lines:
                items.append(Item(lines))
            # An item without words of its own, or too deep: what is under it moves up.
            if items and depth < DEEPEST_LIST:
                items[-1] = Item(items[-1].lines, _join_lists([*items[-1].lists, *under]))
            else:
                items += [each for inner in under for each in inner.items]
        if items:
            found.append(Listing(listing.ordered, listing.start if listing.ordered else 1, items))
    return _join_lists(found)


def _join_lists(lists: Iterable[Listing]) -> list[Listing]:
    found: list[Listing] = []
    for listing in lists:
        before = found[-1] if found else None
        if before and _goes_on(before, listing):
            before.items += listing.items
        else:
            found.append(listing)
    return found


def _goes_on(before: Listing, listing: Listing) -> bool:
    if before.ordered != listing.ordered:
        return False
    return not listing.ordered or listing.start == before.start + len(before.items)


def _table(table: Table) -> list[Block]:
    rows = [row for row in table.rows if any(row)]
    width = max((len(row) for row in rows), default=0)
    rows = [[*row, *([()] * (width - len(row)))] for row in rows]
    if len(rows) * width < 2:
        return [Paragraph(cell) for row in rows for cell in row if cell]
    if len(rows) > 1:
        rows[0] = [tuple(emboldened(line, bold=False) for line in cell) for cell in rows[0]]
    body = rows[1:] if len(rows) > 1 else rows
    row_headers = table.row_headers and any(row[0] for row in body)
    if row_headers:
        for row in body:
            row[0] = tuple(emboldened(line, bold=False) for line in row[0])
    return [Table(rows, row_headers)]

"""Rich text as plain text with simple marks, for whoever types without scripts; nothing is lost on the way and back.

    # Heading          ## smaller        ### smallest
    - item             1. item           two spaces before a mark: a list in a list
    > quotation
    | Group | 2026 |   a table, a line a row; the first line names the columns; `|! ` makes a row's first cell its name
    **bold**   __italic__   [words](https://www.example.org)   ⏎ a new line inside a cell

An empty line starts a new paragraph, other line ends stay. A backslash before a mark takes its meaning away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from .markup import ADDRESS, LARGEST_NUMBER, address_of, tidy_characters
from .tree import (
    DEEPEST_LIST,
    Block,
    Heading,
    Item,
    Line,
    Listing,
    Paragraph,
    Quote,
    Run,
    Table,
    line_of,
    lines_of,
    regular,
)

_BREAK = "⏎"
_SPECIAL = frozenset("*_[]")
_IN_CELLS = _SPECIAL | {"|", _BREAK}
_START = r"(?:#{1,3}[ \t]|[-*•][ \t]|>|\||\d{1,6}\.[ \t])"
_LINE_START = re.compile(rf"\\*{_START}")
_ESCAPED_START = re.compile(rf"\\+{_START}")
_CELL_START = re.compile(r"\\*(?:!|:?-{3,})")
_ESCAPED_CELL = re.compile(r"\\+(?:!|:?-{3,})")
_RULE = re.compile(r":?-{3,}:?")
_ITEM = re.compile(r"(?:[-*•]|(\d{1,6})\.)[ \t]+(.*)")
_LINK_END = re.compile(rf"\]\(({ADDRESS.pattern})\)", re.IGNORECASE)


# Out


def write_marks(blocks: Iterable[Block], *, bare: bool = False) -> str:
    """Write a tree as text; `bare` without marks inside lines, to be read, counted, compared and looked through."""
    found = []
    for block in blocks:
        found.append("\n".join(_block(block, bare)))
    return "\n\n".join(found)


def _block(block: Block, bare: bool) -> list[str]:
    if isinstance(block, Heading):
        return [_inline(block.line, bare) if bare else "#" * block.level + " " + _inline(block.line, bare)]
    if isinstance(block, Paragraph):
        return [_started(_inline(line, bare), bare) for line in block.lines]
    if isinstance(block, Quote):
        inner = write_marks(block.blocks, bare=bare).split("\n")
        return inner if bare else [f"> {line}".rstrip() for line in inner]
    if isinstance(block, Listing):
        return _list(block, bare, 0)
    return [_row(row, bare, number, block) for number, row in enumerate(block.rows)]


def _list(listing: Listing, bare: bool, depth: int) -> list[str]:
    found = []
    indent = "  " * depth
    for number, item in enumerate(listing.items, start=listing.start):
        mark = f"{number}. " if listing.ordered else "- "
        lines = [_started(_inline(line, bare), bare) for line in item.lines]
        found.append(indent + mark + lines[0])
        found += [f"{indent}  {line}" for line in lines[1:]]
        for inner in item.lists:
            found += _list(inner, bare, depth + 1)
    return found


def _row(row: Sequence[tuple[Line, ...]], bare: bool, number: int, table: Table) -> str:
    cells = [_cell(cell, bare) for cell in row]
    if bare:
        return " | ".join(cells)
    named = table.row_headers and bool(row[0]) and (number > 0 or not table.has_head)
    return f"|{'!' if named else ''} " + " | ".join(cells) + " |"


def _cell(cell: tuple[Line, ...], bare: bool) -> str:
    text = (" " if bare else f" {_BREAK} ").join(_inline(line, bare, _IN_CELLS) for line in cell)
    return "\\" + text if not bare and _CELL_START.match(text) else text


def _started(text: str, bare: bool) -> str:
    return "\\" + text if not bare and _LINE_START.match(text) else text


def _inline(line: Line, bare: bool, special: frozenset[str] = _SPECIAL) -> str:
    if bare:
        return "".join(_spoken(line))
    out = _Out(special)
    bold = italic = False
    href = ""
    for number, run in enumerate(line):
        ends = [("**", bold and not run.bold), ("__", italic and not run.italic)]
        for mark, wanted in ends:
            if wanted:
                out.mark(mark)
        if run.href != href:
            if href:
                out.mark(f"]({href})")
            if run.href:
                out.mark("[")
            href = run.href
        for mark, wanted in (("**", run.bold and not bold), ("__", run.italic and not italic)):
            if wanted:
                out.mark(mark)
        bold, italic = run.bold, run.italic
        alone = len(line) == 1 and run[1:] == (False, False, "")
        out.words(run.text, inside_link=bool(href), alone=alone, last=number == len(line) - 1)
    out.mark("**" if bold else "")
    out.mark("__" if italic else "")
    out.mark(f"]({href})" if href else "")
    return out.text()


def _spoken(line: Line) -> Iterable[str]:
    for number, run in enumerate(line):
        yield run.text
        after = line[number + 1].href if number + 1 < len(line) else ""
        if run.href and run.href != after and run.href.removeprefix("mailto:").removeprefix("tel:") != run.text:
            yield f" ({run.href})"


class _Out:
    """Writes a line; backslashes before what could be read as a mark are doubled."""

    def __init__(self, special: frozenset[str]) -> None:
        self.special = special
        self.parts: list[str] = []
        self.backslashes = 0

    def mark(self, mark: str) -> None:
        """Write a mark that has its meaning."""
        if mark:
            self._backslashes(2)
            self.parts.append(mark)

    def words(self, text: str, *, inside_link: bool, alone: bool, last: bool) -> None:
        """Write letters, the ones that look like marks with a backslash."""
        end = len(text) - 1
        for at, char in enumerate(text):
            if char == "\\":
                self.backslashes += 1
                continue
            if char not in self.special:
                self._backslashes(1)
                self.parts.append(char)
                continue
            self._backslashes(2)
            near = text[at - 1] if at else "", text[at + 1] if at < end else ""
            edge = not alone and at in (0, end)
            if char in "*_":
                hidden = edge or char in near
            elif char == "[":
                hidden = inside_link
            elif char == "]":
                hidden = near[1] == "(" or (at == end and not last)
            else:
                hidden = True
            self.parts.append("\\" + char if hidden else char)

    def _backslashes(self, times: int) -> None:
        self.parts.append("\\" * self.backslashes * times)
        self.backslashes = 0

    def text(self) -> str:
        """Give what was written."""
        self._backslashes(1)
        return "".join(self.parts)


# In


def read_marks(text: str) -> list[Block]:
    """Read a text with marks. Whatever is no mark is kept as it was typed."""
    rows = tidy_characters(text).replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return regular(_blocks(rows, in_quote=False))


def _blocks(rows: Sequence[str], *, in_quote: bool) -> list[Block]:
    found: list[Block] = []
    at = 0
    while at < len(rows):
        row = rows[at].strip()
        if not row:
            at += 1
        elif not in_quote and row.startswith(">"):
            end = _while(rows, at, lambda line: line.strip().startswith(">"))
            inner = [re.sub(r"^\s*> ?", "", line) for line in rows[at:end]]
            found.append(Quote(_blocks(inner, in_quote=True)))
            at = end
        elif heading := re.match(r"(#{1,3})[ \t]+(.*)", row):
            found.append(Heading(len(heading[1]), _read(heading[2])[0]))
            at += 1
        elif _is_row(row):
            end = _while(rows, at, lambda line: _is_row(line.strip()))
            found.append(_read_table([line.strip() for line in rows[at:end]]))
            at = end
        elif _ITEM.match(row):
            at = _read_list(rows, at, found)
        else:
            end = _while(rows, at, lambda line: _is_words(line.strip(), in_quote))
            found.append(Paragraph(tuple(_read(_unescaped(line.strip()))[0] for line in rows[at:end])))
            at = end
    return found


def _while(rows: Sequence[str], at: int, wanted: Callable[[str], bool]) -> int:
    end = at + 1
    while end < len(rows) and wanted(rows[end]):
        end += 1
    return end


def _is_row(row: str) -> bool:
    return len(row) > 1 and row.startswith("|") and row.endswith("|")


def _is_words(row: str, in_quote: bool) -> bool:
    if not row or _is_row(row) or _ITEM.match(row) or re.match(r"#{1,3}[ \t]+\S", row):
        return False
    return in_quote or not row.startswith(">")


def _unescaped(row: str) -> str:
    return row[1:] if _ESCAPED_START.match(row) else row


def _read_list(rows: Sequence[str], at: int, found: list[Block]) -> int:
    """Read a list with its lists; gives the row after it."""
    path: list[tuple[int, Listing]] = []
    while at < len(rows) and rows[at].strip():
        row = rows[at]
        indent = len(row) - len(row.lstrip())
        item = _ITEM.match(row.strip())
        if item is None:
            if indent < 2 or _is_row(row.strip()) or not path:
                break
            going_on = path[-1][1].items[-1].lines
            assert isinstance(going_on, list)
            going_on.append(_read(_unescaped(row.strip()))[0])
            at += 1
            continue
        ordered, number = item[1] is not None, int(item[1] or 1)
        while path and path[-1][0] > indent and len(path) > 1:
            path.pop()
        new = Item([_read(_unescaped(item[2]))[0]])
        deeper = bool(path) and indent >= path[-1][0] + 2 and len(path) < DEEPEST_LIST
        goes_on = bool(path) and not deeper and _goes_on(path[-1][1], ordered, number)
        if goes_on:
            path[-1][1].items.append(new)
        else:
            listing = Listing(ordered, min(number, LARGEST_NUMBER), [new])
            if deeper:
                path[-1][1].items[-1].lists.append(listing)
            elif len(path) > 1:
                path.pop()
                path[-1][1].items[-1].lists.append(listing)
            else:
                path = []
                found.append(listing)
            path.append((indent, listing))
        at += 1
    return at


def _goes_on(listing: Listing, ordered: bool, number: int) -> bool:
    return listing.ordered == ordered and (not ordered or number == listing.start + len(listing.items))


def _read_table(rows: Sequence[str]) -> Table:
    read: list[list[tuple[Line, ...]]] = []
    named: list[bool] = []
    for number, row in enumerate(rows):
        is_named = row.startswith("|!")
        cells = _cells(row[2:] if is_named else row[1:])
        if number == 1 and all(_RULE.fullmatch(cell) for cell in cells):
            continue
        read.append([_read_cell(cell) for cell in cells])
        named.append(is_named)
    body = list(zip(read, named, strict=True))
    body = [each for each in body if any(each[0])]
    body = body[1:] if len(body) > 1 else body
    return Table(read, all(is_named for row, is_named in body if row and row[0]))


def _cells(row: str) -> list[str]:
    """Split a row at the strokes that no backslash takes the meaning from; the last one closes it."""
    cells = [""]
    backslashes = 0
    start = 0
    for at, char in enumerate(row):
        if char == "|" and backslashes % 2 == 0:
            cells[-1] = row[start:at].strip()
            cells.append("")
            start = at + 1
        backslashes = backslashes + 1 if char == "\\" else 0
    cells[-1] = row[start:].strip()
    return cells[:-1] if not cells[-1] else cells


def _read_cell(cell: str) -> tuple[Line, ...]:
    cell = cell[1:] if _ESCAPED_CELL.match(cell) else cell
    return tuple(line for line in _read(cell, _IN_CELLS) if line)


def _read(text: str, special: frozenset[str] = _SPECIAL) -> list[Line]:
    """Read the marks inside one line; cells may hold several lines."""
    tokens = _tokens(text, special)
    _match_pairs(tokens)
    look = Run("")
    runs: list[Run] = []
    for kind, words in tokens:
        if kind == "**":
            look = look._replace(bold=not look.bold)
        elif kind == "__":
            look = look._replace(italic=not look.italic)
        elif kind == "link":
            look = look._replace(href=address_of(words))
        elif kind == "end":
            look = look._replace(href="")
        else:
            runs.append(Run("\n") if kind == "break" else look._replace(text=words))
    return [line_of(line) for line in lines_of(runs)] or [()]


def _tokens(text: str, special: frozenset[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    plain: list[str] = []
    opened: int | None = None
    at = 0

    def token(kind: str, words: str = "") -> None:
        if plain:
            found.append(("words", "".join(plain)))
            plain.clear()
        found.append((kind, words))

    while at < len(text):
        char = text[at]
        if char == "\\":
            end = at
            while end < len(text) and text[end] == "\\":
                end += 1
            count = end - at
            if end < len(text) and text[end] in special:
                plain.append("\\" * (count // 2) + (text[end] if count % 2 else ""))
                at = end + count % 2
            else:
                plain.append("\\" * count)
                at = end
            continue
        if text.startswith(("**", "__"), at):
            token(char * 2)
            at += 2
        elif char == "[":
            token("words", "[")
            opened = len(found) - 1
            at += 1
        elif char == "]" and opened is not None and (link := _LINK_END.match(text, at)):
            token("end")
            found[opened] = ("link", link[1])
            opened = None
            at = link.end()
        elif char == _BREAK and char in special:
            token("break")
            at += 1
        else:
            plain.append(char)
            at += 1
    if plain:
        found.append(("words", "".join(plain)))
    return found


def _match_pairs(tokens: list[tuple[str, str]]) -> None:
    """A mark without its pair on the line is what it looks like. Works between the breaks of a cell."""
    for mark in ("**", "__"):
        opened: int | None = None
        for at, (kind, _) in enumerate(tokens):
            if kind == "break" and opened is not None:
                tokens[opened] = ("words", mark)
                opened = None
            if kind == mark:
                opened = at if opened is None else None
        if opened is not None:
            tokens[opened] = ("words", mark)

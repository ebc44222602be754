"""HTML in and out. The allow-list stands here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from html.parser import HTMLParser
from typing import Any

import nh3

from .tree import (
    DEEPEST_LIST,
    LEVELS,
    Block,
    Heading,
    Item,
    Line,
    Listing,
    Paragraph,
    Quote,
    Run,
    Table,
    emboldened,
    filled,
    line_of,
    lines_of,
    paragraphs,
    regular,
)

_STORED = "h2 h3 h4 p br ul ol li blockquote strong em a table thead tbody tr th td"
TAGS = frozenset(_STORED.split())
"""What a stored text may hold, and nothing else."""
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}}
SCHEMES = frozenset(["http", "https", "mailto", "tel"])
LONGEST_ADDRESS = 2000
ADDRESS = re.compile(r"(?:https?://[^\s()<>\"\\/]|mailto:[^\s()<>\"\\]|tel:[^\s()<>\"\\])[^\s()<>\"\\]*", re.IGNORECASE)
LARGEST_NUMBER = 999_999

_FIRST_LEVEL = 2
# What is read besides, to be understood (Word writes lists as paragraphs) or left out with all that is in it.
_READ = TAGS | {"h1", "h5", "h6", "b", "i", "div", "span", "pre", "dt", "dd", "figcaption", "caption", "section"}
_WITH_ALL_INSIDE = (
    "script style title noscript template iframe object embed svg math xml textarea select button video audio canvas del "
    "head noembed noframes applet"
)
_DROPPED = frozenset(_WITH_ALL_INSIDE.split())
_STYLED = ["p", "span", "div", "b", "i", "strong", "em", "li", "a", "td", "h1", "h2", "h3", "h4", "h5", "h6"]
_READ_ATTRIBUTES = {
    **{tag: {"style"} for tag in _STYLED},
    "a": {"href", "style"},
    "ol": {"start"},
    "td": {"colspan", "style"},
    "th": {"colspan"},
}
_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]"
)
_HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*all|mso-element:\s*comment|mso-comment-reference", re.IGNORECASE)
_MSO_LIST = re.compile(r"mso-list:\s*l\d+\s+level(\d)", re.IGNORECASE)
_MSO_IGNORE = re.compile(r"mso-list:\s*Ignore", re.IGNORECASE)
_BOLD = re.compile(r"(?<![-\w])font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_NOT_BOLD = re.compile(r"(?<![-\w])font-weight:\s*(?:normal|[1-5]00)", re.IGNORECASE)
_ITALIC = re.compile(r"(?<![-\w])font-style:\s*italic", re.IGNORECASE)
_WIDEST_SPAN = 50

LONGEST_SENT = 500_000
"""Characters that are looked at when a text arrives with all the marks of the program that it was copied from."""
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_DEEP = "p li td th tr dt dd br img hr input meta link col wbr option"
_CLOSED_BY_NEXT = frozenset(_NEVER_DEEP.split())
_LOOKS = frozenset(["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"])
_DEEPEST = 100
_MOST_REPEATED = 200_000

_first_cleaner = nh3.Cleaner(
    tags=set(_READ),
    clean_content_tags=set(_DROPPED),
    attributes={tag: set(names) for tag, names in _READ_ATTRIBUTES.items()},
    url_schemes=set(SCHEMES),
    link_rel=None,
    strip_comments=True,
)
_last_cleaner = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(_DROPPED),
    attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
    url_schemes=set(SCHEMES),
    link_rel=None,
    strip_comments=True,
)


def tidy_characters(text: str) -> str:
    """Take out control characters, those that turn the direction of letters around, and halves of characters."""
    return _FORBIDDEN.sub("", text.encode("utf-8", "ignore").decode())


def last_clean(html: str) -> str:
    """Let the sanitiser have the last word on what is about to be shown."""
    return _last_cleaner.clean(html)


class Unreadable(ValueError):
    """A text is too long, or its tags are tangled so that reading them would take minutes."""


def read_html(html: str) -> list[Block]:
    """Read any HTML, however it was made; what is not on the list is left out, its words stay where they can be read.

    Raises Unreadable for a text that no program for writing makes.
    """
    _refuse_tangled(html)
    reader = _Reader()
    reader.feed(_first_cleaner.clean(tidy_characters(html)))
    reader.close()
    return regular(reader.result())


def _refuse_tangled(html: str) -> None:
    # Browsers' rules for broken HTML, which the sanitiser keeps, repeat every open <b> in every paragraph after it and
    # search all open tags at every new one: a few hundred kilobytes can be made to take hours and gigabytes.
    if len(html) > LONGEST_SENT:
        raise Unreadable
    depth = looks = repeated = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in _CLOSED_BY_NEXT:
            repeated += looks
        else:
            step = -1 if found[1] else 1
            depth = max(0, depth + step)
            if name in _LOOKS:
                looks = max(0, looks + step)
            repeated += looks
        if depth > _DEEPEST or repeated > _MOST_REPEATED:
            raise Unreadable


class _WordItem:
    """A paragraph that Word means as an item of a list."""

    def __init__(self, level: int, marker: str, lines: tuple[Line, ...]) -> None:
        self.level = level
        number = re.match(r"\(?(\d{1,6}|[a-z]{1,4})[.)]", marker.strip(), re.IGNORECASE)
        self.ordered = bool(number)
        self.start = int(number[1]) if number and number[1].isdigit() else 1
        self.lines = lines


class _Place:
    """Where words go: the text itself, a quote, a list, an item, a table or a cell."""

    def __init__(self, kind: str, holds: Any = None) -> None:
        self.kind = kind
        self.holds = holds
        self.blocks: list[Any] = []
        self.lines: list[Line] = []
        self.head = False
        self.span = 1


class _Reader(HTMLParser):
    """Builds a tree from well-formed HTML without recursion: a text nested a million deep is no danger."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.places = [_Place("text")]
        self.open: list[tuple[str, bool, Run]] = []
        self.look = Run("")
        self.runs: list[Run] = []
        self.level = 0
        self.hidden = 0
        self.marker: list[str] | None = None
        self.marker_depth = 0
        self.word_level = 0
        self.word_marker = ""
        self.list_depth = 0
        self.row_heads: list[list[bool]] = []

    def result(self) -> list[Block]:
        """Give the blocks of the whole text."""
        self._flush()
        return _without_word_items(self.places[0].blocks)

    @property
    def place(self) -> _Place:
        return self.places[-1]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        style = values.get("style", "")
        if tag == "br":
            self._add("\n")
            return
        before = self.look
        if self.hidden or _HIDDEN.search(style):
            self.hidden += 1
        elif self.marker is None and _MSO_IGNORE.search(style):
            self.marker, self.marker_depth = [], len(self.open)
        self._style(tag, style, values)
        pushed = self._begin(tag, style, values) if not self.hidden else False
        self.open.append((tag, pushed, before))

    def _style(self, tag: str, style: str, values: dict[str, str]) -> None:
        bold = (tag in {"strong", "b"} or bool(_BOLD.search(style))) and not _NOT_BOLD.search(style)
        italic = tag in {"em", "i"} or bool(_ITALIC.search(style))
        href = address_of(values.get("href", "")) if tag == "a" else ""
        if tag not in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            look = self.look
            self.look = look._replace(bold=look.bold or bold, italic=look.italic or italic, href=look.href or href)

    def _begin(self, tag: str, style: str, values: dict[str, str]) -> bool:
        """Start what a tag starts; says whether words now go to a new place."""
        if tag in {"strong", "b", "em", "i", "a", "span", "thead", "tbody"}:
            return False
        kind = self.place.kind
        self._flush()
        if tag[0] == "h" and tag[1:].isdigit():
            self.level = int(tag[1:])
        elif found := _MSO_LIST.search(style):
            self.word_level = int(found[1])
        elif tag in {"ul", "ol"} and kind in {"text", "quote", "item"} and self.list_depth < DEEPEST_LIST:
            self.list_depth += 1
            return self._go("list", Listing(tag == "ol", _number(values.get("start", ""))))
        elif tag == "li":
            if kind == "list":
                return self._go("item", Item(()))
            if kind == "cell":
                self._add("• ")
        elif tag == "blockquote" and kind == "text":
            return self._go("quote")
        elif tag == "table" and kind in {"text", "quote"}:
            self.row_heads = []
            return self._go("table", Table([]))
        elif tag == "tr" and kind == "table":
            self.place.holds.rows.append([])
            self.row_heads.append([])
        elif tag in {"td", "th"} and kind == "table":
            self._go("cell")
            self.place.head = tag == "th"
            self.place.span = min(_number(values.get("colspan", "")), _WIDEST_SPAN)
            return True
        return False

    def _go(self, kind: str, holds: Any = None) -> bool:
        self.places.append(_Place(kind, holds))
        return True

    def handle_endtag(self, tag: str) -> None:
        if not self.open or tag == "br":
            return
        opened, pushed, before = self.open.pop()
        if self.hidden:
            self.hidden -= 1
        elif self.marker is not None and len(self.open) == self.marker_depth:
            self.word_marker, self.marker = "".join(self.marker), None
        if opened not in {"strong", "b", "em", "i", "a", "span", "thead", "tbody"}:
            self._flush()
        self.look = before
        if pushed:
            self._end(self.places.pop())

    def _end(self, place: _Place) -> None:
        above = self.place
        if place.kind == "quote":
            above.blocks.append(Quote(_without_word_items(place.blocks)))
        elif place.kind == "list":
            self.list_depth -= 1
            self._end_list(above, place.holds)
        elif place.kind == "item":
            place.holds.lines = tuple(place.lines)
            above.holds.items.append(place.holds)
        elif place.kind == "cell":
            if not above.holds.rows:
                above.holds.rows.append([])
                self.row_heads.append([])
            above.holds.rows[-1] += [tuple(place.lines), *([()] * (place.span - 1))]
            self.row_heads[-1].append(place.head)
        elif place.kind == "table":
            table = place.holds
            body = list(zip(table.rows, self.row_heads, strict=True))
            body = [each for each in body if any(each[0])]
            body = body[1:] if len(body) > 1 else body
            table.row_headers = all(heads[0] for row, heads in body if row[0])
            above.blocks.append(table)

    @staticmethod
    def _end_list(above: _Place, listing: Listing) -> None:
        if above.kind == "item":
            above.holds.lines = tuple(above.lines)
            above.holds.lists.append(listing)
        else:
            above.blocks.append(listing)

    def handle_data(self, data: str) -> None:
        if self.hidden:
            return
        if self.marker is not None:
            self.marker.append(data)
            return
        if any(opened[0] == "pre" for opened in self.open[-3:]):
            for number, line in enumerate(data.split("\n")):
                if number:
                    self._add("\n")
                self._add(line)
        else:
            self._add(data)

    def _add(self, text: str) -> None:
        if self.hidden or self.marker is not None:
            return
        if text == "\n":
            self.runs.append(Run("\n"))
        elif text:
            # A line end inside a word of the source is a space; only <br> breaks a line.
            self.runs.append(self.look._replace(text=" " if text.isspace() else text.replace("\n", " ")))

    def _flush(self) -> None:
        """Put the words gathered so far where they belong."""
        runs, self.runs = self.runs, []
        level, self.level = self.level, 0
        word_level, self.word_level = self.word_level, 0
        marker, self.word_marker = self.word_marker, ""
        lines = lines_of(runs)
        kept = filled(lines)
        if not kept:
            return
        place = self.place
        if place.kind in {"text", "quote"}:
            if level:
                place.blocks.append(Heading(level, line_of(_in_one(kept))))
            elif word_level:
                place.blocks.append(_WordItem(word_level, marker, kept))
            else:
                place.blocks += paragraphs(lines)
            return
        if level and place.kind != "cell":
            kept = tuple(emboldened(line) for line in kept)
        if place.kind == "item" and place.holds.lists:
            # Words after a list inside an item: the item goes on as another one, so that the order stays.
            place.holds.lines = tuple(place.lines)
            self.places[-2].holds.items.append(place.holds)
            place.holds, place.lines = Item(()), list(kept)
        elif place.kind in {"item", "cell"}:
            place.lines += kept
        elif place.kind == "list":
            place.holds.items.append(Item(kept))
        elif place.kind == "table":
            place.holds.rows.append([kept])
            self.row_heads.append([False])


def _in_one(lines: Sequence[Line]) -> Iterable[Run]:
    for number, line in enumerate(lines):
        if number:
            yield Run(" ")
        yield from line


def _number(text: str) -> int:
    return (
        min(max(int(text), 1), LARGEST_NUMBER)
        if text.isascii() and text.isdigit() and len(text) <= len("999999")
        else 1
    )


def address_of(href: str) -> str:
    """Give a web, mail or telephone address in the one form that is kept, or "" for anything else."""
    for char, code in (
        (" ", "%20"),
        ("(", "%28"),
        (")", "%29"),
        ('"', "%22"),
        ("<", "%3C"),
        (">", "%3E"),
        ("\\", "%5C"),
    ):
        href = href.strip().replace(char, code)
    href = re.sub(r"\s", "", href)
    if len(href) > LONGEST_ADDRESS or not ADDRESS.fullmatch(href):
        return ""
    scheme, rest = href.split(":", 1)
    return f"{scheme.lower()}:{rest}"


def _without_word_items(blocks: Sequence[Any]) -> list[Block]:
    """Make lists of Word's paragraphs."""
    found: list[Block] = []
    path: list[Listing] = []
    for block in blocks:
        if not isinstance(block, _WordItem):
            path = []
            found.append(block)
            continue
        del path[min(block.level, DEEPEST_LIST) :]
        item = Item(block.lines)
        if path and len(path) >= block.level and path[-1].ordered != block.ordered:
            path.pop()
        if path and len(path) >= min(block.level, DEEPEST_LIST):
            path[-1].items.append(item)
            continue
        listing = Listing(block.ordered, block.start, [item])
        if path:
            path[-1].items[-1].lists.append(listing)
        else:
            found.append(listing)
        path.append(listing)
    return found


# Out again


class Look:
    """How a text is drawn: the level of its first headings, and the classes of its parts."""

    def __init__(self, first_level: int = _FIRST_LEVEL, classes: dict[str, str] | None = None, scroll: bool = False):
        self.first_level = first_level
        self.classes = classes or {}
        self.scroll = scroll

    def tag(self, name: str, more: str = "", kind: str = "") -> str:
        """Give an opening tag with its class."""
        of = self.classes.get(kind or name, "")
        return f"<{name}{f' class={chr(34)}{of}{chr(34)}' if of else ''}{more}>"


def write_html(blocks: Iterable[Block], look: Look | None = None) -> str:
    """Write a tree as HTML; without a look, as it is stored."""
    look = look or Look()
    return "".join(_write(block, look) for block in blocks)


def _write(block: Block, look: Look) -> str:
    if isinstance(block, Heading):
        tag = f"h{min(look.first_level + block.level - 1, 6)}"
        return f"{look.tag(tag, kind=f'heading{min(block.level, LEVELS)}')}{_line(block.line, look)}</{tag}>"
    if isinstance(block, Paragraph):
        return f"{look.tag('p')}{_lines(block.lines, look)}</p>"
    if isinstance(block, Quote):
        return f"{look.tag('blockquote')}{write_html(block.blocks, look)}</blockquote>"
    if isinstance(block, Listing):
        return _write_list(block, look)
    return _write_table(block, look)


def _write_list(listing: Listing, look: Look) -> str:
    tag = "ol" if listing.ordered else "ul"
    start = f' start="{listing.start}"' if listing.ordered and listing.start != 1 else ""
    items = "".join(
        f"<li>{_lines(item.lines, look)}{''.join(_write_list(inner, look) for inner in item.lists)}</li>"
        for item in listing.items
    )
    return f"{look.tag(tag, start)}{items}</{tag}>"


def _write_table(table: Table, look: Look) -> str:
    head = ""
    rows = table.rows
    if table.has_head:
        cells = "".join(_cell(cell, look, "col" if cell else "") for cell in rows[0])
        head = f"{look.tag('thead')}{look.tag('tr')}{cells}</tr></thead>"
        rows = rows[1:]
    body = "".join(
        look.tag("tr")
        + "".join(
            _cell(cell, look, "row" if table.row_headers and not number and cell else "")
            for number, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    drawn = f"{look.tag('table')}{head}{look.tag('tbody')}{body}</tbody></table>"
    # A wide table moves inside its frame, and the keyboard can move it; the page itself stays as wide as the screen.
    return (
        f'<div class="eds-scroll" tabindex="0" role="group" aria-label="Table">{drawn}</div>' if look.scroll else drawn
    )


def _cell(cell: tuple[Line, ...], look: Look, scope: str) -> str:
    if scope:
        return f"{look.tag('th', f' scope={chr(34)}{scope}{chr(34)}')}{_lines(cell, look)}</th>"
    return f"{look.tag('td')}{_lines(cell, look)}</td>"


def _lines(lines: Iterable[Line], look: Look) -> str:
    return "<br>".join(_line(line, look) for line in lines)


def _line(line: Line, look: Look) -> str:
    parts = []
    href = ""
    for run in line:
        if run.href != href:
            parts.append("</a>" if href else "")
            parts.append(look.tag("a", f' href="{escape(run.href)}"') if run.href else "")
            href = run.href
        text = escape(run.text, quote=False)
        text = f"<em>{text}</em>" if run.italic else text
        parts.append(f"<strong>{text}</strong>" if run.bold else text)
    return "".join(parts) + ("</a>" if href else "")

"""Office documents: words, comments, what is hidden, and what their pictures tell."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from django.core.files import File

from .found import Inside
from .pictures import about_picture

LARGEST_PART = 20_000_000
DEEPEST = 200
_ENDS = {"p", "h", "si", "c", "row", "tr", "br", "tab", "table-cell", "line-break", "comment", "text"}
_COMMENTS = re.compile(r"(^|/)(comments?\d*|threadedComments?\d*|modernComment_[^/]*)\.xml$", re.I)
_PICTURES = re.compile(r"\.(jpe?g|jfif|png)$", re.I)
_BODY = re.compile(
    r"^word/(document|header\d*|footer\d*|footnotes|endnotes|glossary/document)\.xml$"
    r"|^xl/(sharedStrings|worksheets/[^/]+)\.xml$|^ppt/slides/[^/]+\.xml$|^(word|xl|ppt)/(drawings|diagrams|charts)/[^/]+\.xml$",
    re.I,
)
_NOTES = re.compile(r"^ppt/notesSlides/[^/]+\.xml$", re.I)


@dataclass
class _Gathered:
    words: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def result(self) -> Inside:
        return Inside(
            words="\n".join(self.words),
            comments=_tidy(self.comments),
            hidden=_tidy(self.hidden),
            pictures=list(dict.fromkeys(self.pictures)),
            unread=f"{', '.join(self.unread)} inside it" if self.unread else "",
        )


def _tidy(texts: list[str]) -> list[str]:
    return list(dict.fromkeys(found for text in texts if (found := " ".join(text.split()))))


def _parts(content: File, gathered: _Gathered) -> Iterator[tuple[str, ElementTree.Element]]:
    """Give the parts of an archive that are XML; look at its pictures on the way."""
    content.seek(0)
    with zipfile.ZipFile(content) as archive:
        for entry in archive.infolist():
            name = entry.filename
            if _PICTURES.search(name):
                gathered.pictures += about_picture(archive.read(entry)) if entry.file_size <= LARGEST_PART else []
            if not name.endswith(".xml"):
                continue
            root = _parsed(archive, entry)
            if root is None:
                gathered.unread.append(name)
            else:
                yield name, root


def _parsed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> ElementTree.Element | None:
    if entry.file_size > LARGEST_PART:
        return None
    raw = archive.read(entry)
    plain = raw.replace(b"\0", b"")  # a part in UTF-16 has them between its letters
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:  # no Office writes them; without, nothing expands
        return None
    try:
        return ElementTree.fromstring(raw)  # noqa: S314 - see the check above
    except ElementTree.ParseError:
        return None


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _attribute(element: ElementTree.Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if _local(key) == name), None)


def _is_on(element: ElementTree.Element, name: str) -> bool:
    return (_attribute(element, name) or "").lower() in {"1", "true", "on"}


# Word, Excel, PowerPoint


def ooxml(content: File) -> Inside:
    """Read a DOCX, XLSX or PPTX."""
    found = _Gathered()
    for name, root in _parts(content, found):
        if _COMMENTS.search(name):
            found.comments += _comments(root)
        elif _NOTES.match(name):
            found.hidden.append(_words(root))
        elif _BODY.match(name):
            (found.hidden if _attribute(root, "show") == "0" else found.words).append(_words(root))
            found.hidden += _hidden_runs(root)
            found.hidden += _hidden_cells(root)
        elif name.lower() == "xl/workbook.xml":
            found.hidden += [
                f"the sheet “{_attribute(sheet, 'name')}”"
                for sheet in root.iter()
                if _local(sheet.tag) == "sheet" and _attribute(sheet, "state") in {"hidden", "veryHidden"}
            ]
    return found.result()


def _words(root: ElementTree.Element) -> str:
    """Give the words of a part: texts side by side, so that a number in several pieces stays one."""
    pieces: list[str] = []
    for event in _events(root):
        if isinstance(event, str):
            pieces.append(" " if event in {"tab", "c"} else "\n" if event in _ENDS else "")
        else:
            pieces.append(event.text or "")
    return "".join(pieces)


def _events(element: ElementTree.Element) -> Iterator[ElementTree.Element | str]:
    """Give text elements in order, and the name of each element that ends. Hidden and deleted words are not in it."""
    stack: list[tuple[ElementTree.Element, int]] = [(element, 0)]
    while stack:
        current, at = stack.pop()
        name = _local(current.tag)
        if at == 0 and (name == "del" or (name == "r" and _vanishes(current))):
            continue
        if at == 0 and _is_text(name):
            yield current
        if at < len(current):
            stack.append((current, at + 1))
            if not (name == "c" and _attribute(current, "t") == "s" and _local(current[at].tag) == "v"):
                stack.append((current[at], 0))
        else:
            yield name


def _is_text(name: str) -> bool:
    return name in {"t", "v"}


def _vanishes(run: ElementTree.Element) -> bool:
    return any(
        _local(mark.tag) in {"vanish", "webHidden"} and (_attribute(mark, "val") or "1").lower() not in {"0", "false"}
        for properties in run
        if _local(properties.tag) == "rPr"
        for mark in properties
    )


def _hidden_runs(root: ElementTree.Element) -> Iterator[str]:
    for element in root.iter():
        name = _local(element.tag)
        if name == "r" and _vanishes(element):
            yield "".join(each.text or "" for each in element.iter() if _is_text(_local(each.tag)))
        elif name == "delText":
            yield element.text or ""


def _hidden_cells(root: ElementTree.Element) -> Iterator[str]:
    hidden = {_local(each.tag) for each in root.iter() if _local(each.tag) in {"row", "col"} and _is_on(each, "hidden")}
    if "row" in hidden:
        yield "rows of a sheet"
    if "col" in hidden:
        yield "columns of a sheet"


def _comments(root: ElementTree.Element) -> Iterator[str]:
    kinds = {"comment", "threadedComment", "cm"}
    said = [each for each in root.iter() if _local(each.tag) in kinds]
    for each in said:
        yield "".join(part.text or "" for part in each.iter() if _local(part.tag) in {"t", "text"})


# OpenDocument


def opendocument(content: File) -> Inside:
    """Read an ODT or ODS."""
    found = _Gathered()
    parts = {name: root for name, root in _parts(content, found) if name in {"content.xml", "styles.xml"}}
    unseen = {style for root in parts.values() for style in _unseen_styles(root)}
    for root in parts.values():
        _of_part(root, unseen, found)
    return found.result()


def _unseen_styles(root: ElementTree.Element) -> Iterator[str]:
    """Give the names of styles whose text or table is not shown."""
    for style in root.iter():
        if _local(style.tag) == "style":
            for properties in style:
                display = _attribute(properties, "display")
                kind = _local(properties.tag)
                if (kind == "text-properties" and display == "none") or (
                    kind == "table-properties" and display == "false"
                ):
                    yield _attribute(style, "name") or ""


def _of_part(root: ElementTree.Element, unseen: set[str], found: _Gathered) -> None:
    words: list[str] = []

    def read(element: ElementTree.Element, depth: int) -> None:
        name = _local(element.tag)
        if depth > DEEPEST:
            found.unread.append("what lies too deep")
        elif name == "annotation":
            found.comments.append(" ".join(_all_text(each) for each in element if _local(each.tag) in {"p", "list"}))
        elif name == "deletion" or name == "hidden-paragraph" or _attribute(element, "style-name") in unseen:
            found.hidden.append(_all_text(element) or "words that are not shown")
        elif name == "hidden-text":
            found.hidden.append(_attribute(element, "string-value") or _all_text(element))
        elif _attribute(element, "visibility") in {"collapse", "filter"}:
            found.hidden.append(_all_text(element) or "rows or columns of a sheet")
        else:
            words.append(element.text or "")
            for child in element:
                read(child, depth + 1)
                words.append(child.tail or "")
            words.append("\n" if name in _ENDS else " " if name in {"s", "tab"} else "")

    for body in (each for each in root.iter() if _local(each.tag) in {"body", "master-styles"}):
        read(body, 0)
    found.words.append("".join(words))


def _all_text(element: ElementTree.Element) -> str:
    return "".join(element.itertext())

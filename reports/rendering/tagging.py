"""What WeasyPrint leaves out of a tagged PDF, put in through its official `finisher`.

Running heads and page numbers become artifacts, header cells say which way they head, links say where they lead, and
parts in another language say in which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydyf import String

Objects = Mapping[int, Any]

_PRINTED = 4  # the flag of an annotation that is on paper as on the screen
_WORD_JOINER = b"<2060>"


def tag_mender(words: Mapping[str, str]) -> Callable[[Any, Any], None]:
    """Give a finisher (of weasyprint's Document, pydyf's PDF); `words` says, by id, what stands where a link leads."""

    def mend(document: Any, pdf: Any) -> None:
        objects = {each.number: each for each in pdf.objects}
        root = objects[_number(pdf.catalog["StructTreeRoot"])]
        elements = dict(_elements(objects, root))
        languages = _mark_pages(pdf, objects, objects[_number(root["ParentTree"])]["Nums"], elements)
        _say_languages(elements, objects[_number(root["K"][0])], languages, pdf.catalog["Lang"].string)
        _scope_headers(elements)
        _demote_captions_alone(objects, elements)
        for each in pdf.objects:
            if isinstance(each, dict) and each.get("Subtype") == "/Link":
                each["F"] = _PRINTED
                each["Contents"].string = words.get(each["Contents"].string, each["Contents"].string)
            elif isinstance(each, dict) and "ToUnicode" in each:
                _map_every_glyph(objects[_number(each["ToUnicode"])].stream)

    return mend


def _map_every_glyph(lines: list[bytes]) -> None:
    """Give the glyphs that follow the first of a letter a character of their own, which neither shows nor parts words.

    They had none. Where they occur, the marks hold the words, so nobody reads it.
    """
    lines[:] = [line[:-2] + _WORD_JOINER if line.endswith(b" <>") else line for line in lines]


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _elements(objects: Objects, element: Any) -> Iterator[tuple[int, Any]]:
    for kid in element["K"]:
        if isinstance(kid, bytes):  # a number is marked content
            child = objects[_number(kid)]
            if child.get("Type") == "/StructElem":
                yield child.number, child
                yield from _elements(objects, child)


def _mark_pages(pdf: Any, objects: Objects, parents: list[Any], elements: Objects) -> dict[int, str]:
    """Turn marked content that hangs in no tree (the margins of pages) into artifacts.

    Gives the language of the text right under an element, by the element's number, and takes it off the marks.
    """
    languages = {}
    for index, page in enumerate(pdf.page_references):
        owners = [_number(owner) for owner in parents[2 * index + 1]]
        stream = objects[_number(objects[_number(page)]["Contents"])].stream
        for at in range(len(stream) - 2):
            mark = stream[at + 1]
            if stream[at + 2] == b"BDC" and isinstance(mark, dict):
                language = mark.pop("Lang", None)
                if owners[mark["MCID"]] not in elements:
                    parents[2 * index + 1][mark["MCID"]] = "null"
                    stream[at : at + 3] = ["/Artifact", b"", b"BMC"]
                elif language is not None:
                    languages[owners[mark["MCID"]]] = language.string
    return languages


def _say_languages(elements: Objects, top: Any, languages: Mapping[int, str], usual: str) -> None:
    """Say a language on the highest element that is all in it; `usual` is the document's."""
    kids: dict[int, list[Any]] = {}
    spoken: dict[int, set[str]] = {}

    def listen(element: Any) -> set[str]:
        kids[element.number] = [
            elements[_number(kid)] for kid in element["K"] if isinstance(kid, bytes) and _number(kid) in elements
        ]
        own = {languages[element.number]} if element.number in languages else set()
        spoken[element.number] = own.union(*(listen(kid) for kid in kids[element.number]))
        return spoken[element.number]

    def say(element: Any, inherited: str) -> None:
        heard = spoken[element.number]
        mine = languages.get(element.number) or (next(iter(heard)) if len(heard) == 1 else inherited)
        if mine != inherited:
            element["Lang"] = String(mine)
        if len(heard) > 1:
            for kid in kids[element.number]:
                say(kid, mine)

    listen(top)
    say(top, usual)


def _scope_headers(elements: Objects) -> None:
    for element in elements.values():
        if element["S"] == "/TH":
            row = elements[_number(element["P"])]
            in_head = elements[_number(row["P"])]["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"


def _demote_captions_alone(objects: Objects, elements: Objects) -> None:
    """Tag as words what is no table: its caption, where its first row did not fit below on the page."""
    for element in elements.values():
        if element["S"] == "/Table":
            under = [child for _, child in _elements(objects, element)]
            if not any(child["S"] == "/TR" for child in under):
                element["S"] = "/Div"
                for child in under:
                    if child["S"] == "/Caption":
                        child["S"] = "/P"

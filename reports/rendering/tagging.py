"""What WeasyPrint leaves out of a tagged PDF, put in through its official `finisher`.

Running heads and page numbers become artifacts, header cells say which way they head, links say where they lead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Objects = Mapping[int, Any]


def tag_mender(words: Mapping[str, str]) -> Callable[[Any, Any], None]:
    """Give a finisher (of weasyprint's Document, pydyf's PDF); `words` says, by id, what stands where a link leads."""

    def mend(document: Any, pdf: Any) -> None:
        objects = {each.number: each for each in pdf.objects}
        root = objects[_number(pdf.catalog["StructTreeRoot"])]
        elements = dict(_elements(objects, root))
        _mark_artifacts(pdf, objects, objects[_number(root["ParentTree"])]["Nums"], elements)
        _scope_headers(elements)
        for each in pdf.objects:
            if isinstance(each, dict) and each.get("Subtype") == "/Link" and each["Contents"].string in words:
                each["Contents"].string = words[each["Contents"].string]

    return mend


def _number(reference: bytes) -> int:
    return int(reference.split()[0])


def _elements(objects: Objects, element: Any) -> Iterator[tuple[int, Any]]:
    for kid in element["K"]:
        if isinstance(kid, bytes):  # a number is marked content
            child = objects[_number(kid)]
            if child.get("Type") == "/StructElem":
                yield child.number, child
                yield from _elements(objects, child)


def _mark_artifacts(pdf: Any, objects: Objects, parents: list[Any], elements: Objects) -> None:
    """Turn marked content that hangs in no tree (the margins of pages) into artifacts."""
    for index, page in enumerate(pdf.page_references):
        owners = parents[2 * index + 1]
        orphans = {mcid for mcid, owner in enumerate(owners) if _number(owner) not in elements}
        stream = objects[_number(objects[_number(page)]["Contents"])].stream
        for at in range(len(stream) - 2):
            mark = stream[at + 1]
            if stream[at + 2] == b"BDC" and isinstance(mark, dict) and mark.get("MCID") in orphans:
                stream[at : at + 3] = ["/Artifact", b"", b"BMC"]
        for mcid in orphans:
            owners[mcid] = "null"


def _scope_headers(elements: Objects) -> None:
    for element in elements.values():
        if element["S"] == "/TH":
            row = elements[_number(element["P"])]
            in_head = elements[_number(row["P"])]["S"] == "/THead"
            element["A"]["Scope"] = "/Column" if in_head else "/Row"

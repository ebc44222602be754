"""Reading the tags of a PDF in tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf


def kids_of(element: Any) -> list[Any]:
    """Everything right under a structure element: elements, references to annotations, and numbers of marked content."""
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def elements_under(element: Any) -> Iterator[Any]:
    """The structure elements under one, in reading order."""
    for kid in kids_of(element):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from elements_under(kid)


def marked_content_under(element: Any) -> list[tuple[int, int]]:
    """The marked content in and under an element, as (page object, number), in reading order."""
    found = []
    for kid in kids_of(element):
        if not isinstance(kid, pikepdf.Dictionary):
            found.append((element.Pg.objgen[0], int(kid)))
        elif "/S" in kid:
            found += marked_content_under(kid)
    return found

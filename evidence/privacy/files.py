"""What is found in a file when it is uploaded, and how that is kept with it (R16)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from django.core.files import File

from eds.files.inside import Inside, inside

from .rules import Found, Kind, look_through

MOST = 10
"""Of one kind so many are asked about one by one; of more a question asks for the rest together."""
_LONGEST = 100


def look_through_file(name: str, content: File) -> list[Found]:
    """Give what in a file has to be asked about; `name` is its cleaned name. Numbers of people are left to figures (R15)."""
    digest = hashlib.sha256()
    content.seek(0)
    for chunk in content.chunks():
        digest.update(chunk)
    return list(_each(name, digest.hexdigest(), inside(name, content)))


def _each(name: str, mark: str, read: Inside) -> Iterator[Found]:
    texts = [read.words, *read.comments, *read.hidden]
    by_kind: dict[Kind, list[str]] = {}
    for found in look_through(texts, threshold=0):
        by_kind.setdefault(found.kind, []).append(found.excerpt)
    for kind, excerpts in by_kind.items():
        # The same words in the text, or in another file, are the same question.
        yield from (Found(kind, excerpt, where=name) for excerpt in excerpts[:MOST])
        if excerpts[MOST:]:
            yield Found(kind, f"{len(excerpts) - MOST} more", where=name, mark=mark)
    for kind, parts in ((Kind.COMMENT, read.comments), (Kind.HIDDEN, read.hidden), (Kind.PICTURE, read.pictures)):
        if parts:
            more = f" and {len(parts) - 1} more" if parts[1:] and kind is not Kind.PICTURE else ""
            first = ", ".join(parts) if kind is Kind.PICTURE else parts[0]
            yield Found(kind, f"{_short(first)}{more}", where=name, mark=mark)
    if read.unread:
        yield Found(Kind.UNREAD, _short(read.unread), where=name, mark=mark)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 2] + " …"


def to_stored(found: Iterable[Found]) -> list[dict[str, str]]:
    """Give what was found as it is kept with the file, which holds the same words."""
    return [
        {"kind": each.kind.value, "excerpt": each.excerpt, "where": each.where, "mark": each.mark} for each in found
    ]


def from_stored(rows: Iterable[dict[str, str]]) -> list[Found]:
    """Give what `to_stored` kept."""
    return [Found(Kind(row["kind"]), row["excerpt"], row["where"], row["mark"]) for row in rows]

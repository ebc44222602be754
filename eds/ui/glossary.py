"""The glossary: the field's terms in plain words, from glossary.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("glossary.toml")


@dataclass(frozen=True)
class Term:
    """A term: its key in addresses, how it is written, and what it means."""

    key: str
    term: str
    words: str


@cache
def terms() -> dict[str, Term]:
    """Give all terms by key, in the order of the alphabet. Raises KeyError where an entry lacks its words."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = [Term(key, entry["term"], entry["words"]) for key, entry in data.items()]
    return {each.key: each for each in sorted(found, key=lambda each: each.term.casefold())}


def term(key: str) -> Term:
    """Give one term. Raises LookupError with the key where the glossary does not have it."""
    if key not in terms():
        raise LookupError(f"The glossary has no term “{key}”.")
    return terms()[key]

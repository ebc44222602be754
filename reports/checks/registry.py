"""What a check is, and the list of all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .subject import Subject


class Kind(StrEnum):
    """What a finding means for publishing."""

    STOP = "stop"
    ASK = "ask"
    KNOW = "know"


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    `about` names what it is about, the same each time; `place` says in words where that stands and `url` leads there;
    `says` is the sentence for a person. `basis` is all that an answer rests on: when it changes, the answer is void.
    """

    about: str
    place: str
    url: str
    says: str
    basis: str

    @property
    def key(self) -> str:
        """Give a short mark of what it is about."""
        return _mark(self.about)[:16]

    @property
    def fingerprint(self) -> str:
        """Give the mark of what an answer rests on."""
        return _mark(self.basis)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


Find = Callable[["Subject"], Iterable[Finding]]


@dataclass(frozen=True)
class Check:
    """A check: its stable id, what a finding means, its heading, and how to mend what it finds."""

    id: str
    kind: Kind
    title: str
    mend: str
    find: Find


_checks: dict[str, Check] = {}


def check(id_: str, kind: Kind, title: str, mend: str) -> Callable[[Find], Find]:
    """Register a function as a check. Raises ValueError where the id is taken."""

    def add(find: Find) -> Find:
        if id_ in _checks:
            raise ValueError(f"There are two checks with the id {id_}.")
        _checks[id_] = Check(id_, kind, title, mend, find)
        return find

    return add


def all_checks() -> list[Check]:
    """Give every check: those that stop first, then those that must be answered."""
    return sorted(_checks.values(), key=lambda each: list(Kind).index(each.kind))

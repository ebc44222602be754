"""Looks through a text for what may be about a person (R16) and for small numbers of people in prose (R15). Pure functions."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html import unescape


class Kind(StrEnum):
    """What was found."""

    NHS_NUMBER = "nhs_number"
    BIRTH_DATE = "birth_date"
    POSTCODE = "postcode"
    EMAIL = "email"
    SMALL_NUMBER = "small_number"
    COMMENT = "comment"
    HIDDEN = "hidden"
    PICTURE = "picture"
    UNREAD = "unread"


WORDS = {
    Kind.NHS_NUMBER: "an NHS number",
    Kind.BIRTH_DATE: "a date of birth",
    Kind.POSTCODE: "a postcode",
    Kind.EMAIL: "an e-mail address",
    Kind.SMALL_NUMBER: "a small number of people",
    Kind.COMMENT: "a comment that readers of the file can open",
    Kind.HIDDEN: "hidden, and readers of the file can find it",
    Kind.PICTURE: "what a picture tells beside what it shows",
    Kind.UNREAD: "a file that could not be looked through",
}
IN_FILES_ONLY = frozenset({Kind.COMMENT, Kind.HIDDEN, Kind.PICTURE, Kind.UNREAD})


@dataclass(frozen=True)
class Found:
    """Something found: its kind, the words as they stand, and a key that is the same wherever they stand again.

    `where` names the file in which it was found, "" for the text itself. `mark` is the file's checksum where an answer is
    about this file alone.
    """

    kind: Kind
    excerpt: str
    where: str = ""
    mark: str = ""

    @property
    def key(self) -> str:
        """Give what an answer is kept under: not the words themselves, which may be taken out of the evidence."""
        about = f"{self.kind}:{self.mark}{''.join(self.excerpt.split()).casefold()}"
        return hashlib.sha256(about.encode()).hexdigest()[:32]

    @property
    def words(self) -> str:
        """Give what it looks like, in words."""
        return WORDS[self.kind]

    @property
    def statement(self) -> str:
        """Say what was found, and where: “LS1 4AP” in “list.csv” looks like a postcode."""
        if self.kind is Kind.UNREAD:
            return f"“{self.where}” could not be looked through, so look at it yourself: {self.excerpt}"
        place = f" in “{self.where}”" if self.where else ""
        verb = "is" if self.kind in IN_FILES_ONLY else "looks like"
        return f"“{self.excerpt}”{place} {verb} {self.words}"


_INLINE_TAG = re.compile(r"</?(?:b|i|em|strong|a|u|span|sub|sup|mark)\b[^>]{0,400}>", re.I)
_TAG = re.compile(r"<[^>]{0,400}>")
_TEN_DIGITS = re.compile(r"(?<![\d-])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d-])")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b")
_EMAIL = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\b(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d{{2}})\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? \d{{4}}\b",
    re.I,
)
_BORN = re.compile(r"\b(born|birth|d\.?o\.?b\b\.?)", re.I)
_NEAR = 40
_SMALL_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PEOPLE = (
    "people|persons?|patients?|staff|women|woman|men|man|girls?|boys?|child|children|carers?|nurses?|midwives|doctors?|"
    "employees?|colleagues?|members? of staff|mothers?|fathers?|veterans?|residents?|complainants?|applicants?|candidates?|"
    "respondents?|participants?|babies"
)
_SMALL = re.compile(
    rf"(?<![\d.,£-])\b(\d{{1,4}}|{'|'.join(_SMALL_WORDS)}) "
    rf"(?:of (?:them|these|those|the) )?(?:[a-z-]+ ){{0,2}}?(?:{_PEOPLE})\b",
    re.I,
)
_NOT_A_COUNT = re.compile(r"\b(per|every|grade|band|domain|goal|outcome|year|week|day|hour)s? *$", re.I)


def plain(text: str) -> str:
    """Give a text without markup, in one line."""
    return " ".join(unescape(_TAG.sub(" ", _INLINE_TAG.sub("", text))).split())


def look_through(texts: Iterable[str], *, threshold: int = 10) -> list[Found]:
    """Give what in these texts has to be asked about, each once, in the order in which it stands."""
    found: dict[tuple[Kind, str], Found] = {}
    for text in texts:
        for each in _found_in(text, threshold):
            found.setdefault((each.kind, each.key), each)
    return list(found.values())


@lru_cache(maxsize=2048)
def _found_in(text: str, threshold: int) -> tuple[Found, ...]:
    # Each page that shows evidence looks through all of it, so that no older answer of another rule is taken for this one.
    return tuple(_look(plain(text), threshold))


def _look(text: str, threshold: int) -> Iterator[Found]:
    for match in _TEN_DIGITS.finditer(text):
        if is_nhs_number(match[0]):
            yield Found(Kind.NHS_NUMBER, match[0])
    for match in _DATE.finditer(text):
        before = text[max(0, match.start() - _NEAR) : match.start()]
        if _BORN.search(before):
            yield Found(Kind.BIRTH_DATE, match[0])
    for match in _POSTCODE.finditer(text):
        yield Found(Kind.POSTCODE, match[0])
    for match in _EMAIL.finditer(text):
        yield Found(Kind.EMAIL, match[0])
    for match in _SMALL.finditer(text):
        word = match[1].casefold()
        number = _SMALL_WORDS.index(word) + 1 if word in _SMALL_WORDS else int(word)
        before = text[max(0, match.start() - 12) : match.start()]
        if 0 < number < threshold and not _NOT_A_COUNT.search(before):
            yield Found(Kind.SMALL_NUMBER, match[0])


def is_nhs_number(text: str) -> bool:
    """Say whether ten digits are an NHS number: the last one checks the other nine (modulus 11)."""
    digits = [int(each) for each in text if each.isdigit()]
    if len(digits) != 10:
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return check != 10 and check % 11 == digits[9]


def consent_holds(until: dt.date | None, on: dt.date) -> bool:
    """Say whether a consent holds on a day; one without an end holds."""
    return until is None or on <= until

"""Checks of prose: other grades, small numbers, promises, last year's sentences, wordings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from eds.ui.text import shortened
from evidence.privacy.rules import look_through

from .plan import is_planned
from .registry import Finding, Kind, check
from .subject import Subject

_QUOTE = 120
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_GRADING = re.compile(r"\b(grad(e|es|ed|ing)|rat(ed|es|ing)|scor(e|ed|es|ing)|assess(ed|ment))\b", re.IGNORECASE)
_NEVER_PLAIN = {"undeveloped", "excelling"}
_MONTH = r"(January|February|March|April|May|June|July|August|September|October|November|December)"
_PROMISE = re.compile(
    r"\b(will|shall|plans? to|planned to|aims? to|intends? to|(is|are) to be|(is|are) due to)\b[^.!?\n]*"
    rf"\b(by|before|until|in|from|during|of|for)\s+((the end of|early|late|autumn|spring|summer|winter|\d{{1,2}})\s+)*"
    rf"({_MONTH}\b(\s+20\d\d)?|20\d\d\b)",
    re.IGNORECASE,
)
_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_PEOPLE = (
    r"(?:patients?|people|persons?|staff|employees?|women|woman|men|man|children|child|carers?|users?|members?|"
    r"nurses?|doctors?|managers?|volunteers?|respondents?|complainants?|complaints?|residents?|clients?|veterans?)"
)
_SMALL = re.compile(
    rf"(?<![\d.,%£/:-])\b(?P<number>\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})\s+(?:[A-Za-z-]+\s+){{0,2}}?{_PEOPLE}\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(19[5-9]\d|20\d\d)\b")
_LONG_ENOUGH = 8


@lru_cache(maxsize=32)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b({'|'.join(re.escape(word) for word in words)})\b", re.IGNORECASE)


def grades_named(text: str, spellings: dict[str, list[str]]) -> dict[str, str]:
    """Give the grades that a text names, by code, as it writes them.

    "Developing" and "achieving" are plain words too: they count where they are written in capitals, in quotation marks or
    with a capital letter inside a sentence, or where the sentence speaks of grading before them.
    """
    found: dict[str, str] = {}
    for sentence in _SENTENCE.findall(text):
        for code, words in spellings.items():
            for match in _pattern(tuple(words)).finditer(sentence):
                if _means_a_grade(sentence, match):
                    found.setdefault(code, match[0])
    return found


def _means_a_grade(sentence: str, match: re.Match[str]) -> bool:
    word = match[0]
    before = sentence[: match.start()]
    quoted = before.endswith(("“", "‘", '"', "'")) and sentence[match.end() : match.end() + 1] in {"”", "’", '"', "'"}
    capital = word[0].isupper() and any(letter.isalnum() for letter in before)
    return word.lower() in _NEVER_PLAIN or word.isupper() or quoted or capital or bool(_GRADING.search(before[-80:]))


@check(
    "grade.named",
    Kind.ASK,
    "A text names another grade than the one it stands under",
    "Say why it names that grade, for example that it explains the difference. "
    "To change the text, move the round back with a reason.",
)
def grade_named(subject: Subject) -> Iterator[Finding]:
    """A narrative or reason that names another grade than the recorded one; a text with several asks once."""
    names = {code: words[0] for code, words in subject.spellings.items()}
    for text in subject.texts:
        if text.of_details:
            continue
        named = grades_named(text.text, subject.spellings)
        others = {code: word for code, word in named.items() if code not in text.grades}
        # "Excellent" is no grade of the edition even where the grade that it means is the recorded one.
        others |= {code: word for code, word in named.items() if word.lower() != names[code].lower()}
        if others:
            stands = " or ".join(sorted(names[code] for code in text.grades)) or "no grade"
            says = f"It names “{'”, “'.join(others.values())}” and stands under {stands}."
            yield Finding(text.about, text.place, text.url, says, f"{text.text} {sorted(text.grades)}")


@check(
    "number.small",
    Kind.ASK,
    "A text gives a small number of people",
    "Say why nobody can be recognised by it. To change the text, move the round back with a reason.",
)
def number_small(subject: Subject) -> Iterator[Finding]:
    """A count of people below the threshold, in prose, where it cannot be suppressed (R15)."""
    for text in subject.texts:
        small = [match[0] for match in _SMALL.finditer(text.text) if 0 < _value(match["number"]) < subject.threshold]
        if small:
            says = f"It says “{'”, “'.join(dict.fromkeys(small))}”. Numbers under {subject.threshold} can show who is meant."
            yield Finding(text.about, text.place, text.url, says, text.text)


@check(
    "person.data",
    Kind.ASK,
    "A text gives personal data",
    "Say why it may stand there. To change the text, move the round back with a reason.",
)
def person_data(subject: Subject) -> Iterator[Finding]:
    """An NHS number, a date of birth, a postcode or an e-mail address in what is not evidence (R16)."""
    for text in subject.texts:
        found = [] if text.looked_through else look_through([text.text], threshold=0)
        if found:
            says = "; ".join(each.statement for each in found)
            yield Finding(text.about, text.place, text.url, f"{says}.", text.text)


def _value(number: str) -> int:
    return int(number) if number.isdecimal() else _NUMBER_WORDS.index(number.lower()) + 1


@check(
    "promise.dated",
    Kind.ASK,
    "A text promises something by a date",
    "Make an action of it in the plan, or say who looks after the promise.",
)
def promise_dated(subject: Subject) -> Iterator[Finding]:
    """A promise with a date in prose that the plan has no action for: nobody is reminded of it."""
    for text in subject.texts:
        promises = [match[0].strip() for match in _PROMISE.finditer(text.text)]
        promises = [promise for promise in promises if not is_planned(subject, text, promise)]
        if promises:
            says = f"It says “{shortened(promises[0], _QUOTE)}”" + (
                f" and {len(promises) - 1} more." if promises[1:] else "."
            )
            yield Finding(text.about, text.place, text.url, says, text.text)


@check(
    "repeat.sentence",
    Kind.ASK,
    "A sentence of last year's report stands there again",
    "Say that it is still true. To change the text, move the round back with a reason.",
)
def repeat_sentence(subject: Subject) -> Iterator[Finding]:
    """A sentence that is identical to one under an outcome of last year's report."""
    before = {_bare(sentence) for text in subject.earlier_texts for sentence in _sentences(text)}
    for text in subject.texts:
        again = [sentence for sentence in _sentences(text.text) if _bare(sentence) in before]
        if again:
            more = f" and {len(again) - 1} more" if again[1:] else ""
            says = f"“{shortened(again[0], _QUOTE)}”{more} stood in the last report."
            yield Finding(text.about, text.place, text.url, says, "\n".join(again))


def _sentences(text: str) -> list[str]:
    return [each.strip() for each in _SENTENCE.findall(text) if len(each.split()) >= _LONG_ENOUGH]


def _bare(sentence: str) -> str:
    return " ".join(re.findall(r"\w+", sentence.lower()))


@check(
    "repeat.year",
    Kind.ASK,
    "A text speaks of an earlier year",
    "Say that the year is right. To change the text, move the round back with a reason.",
)
def repeat_year(subject: Subject) -> Iterator[Finding]:
    """A year that ended before the last one: it may have been left in from an older report."""
    for text in subject.texts:
        old = sorted({year for year in _YEAR.findall(text.text) if int(year) < subject.year - 1})
        if old:
            yield Finding(text.about, text.place, text.url, f"It speaks of {', '.join(old)}.", text.text)


@check(
    "wording.other",
    Kind.ASK,
    "An outcome was published with another wording than the edition's",
    "Say where the other wording comes from. Both are printed.",
)
def wording_other(subject: Subject) -> Iterator[Finding]:
    """The wording then published differs from the official one."""
    for _, outcome in subject.outcomes:
        if outcome.wording_then and _bare(outcome.wording_then) != _bare(outcome.text):
            label = f"{outcome.code} {outcome.service}".strip()
            says = f"It was published as “{shortened(outcome.wording_then, _QUOTE)}”"
            yield Finding(
                label, f"Outcome {label}", subject.url(outcome), f"{says}.", f"{outcome.wording_then} {outcome.text}"
            )


@check(
    "wording.unconfirmed",
    Kind.KNOW,
    "Official wordings that were not compared with the official document",
    "The report says so under each of them.",
)
def wording_unconfirmed(subject: Subject) -> Iterator[Finding]:
    """Outcomes whose wording is marked as not confirmed."""
    codes = list(dict.fromkeys(each.code for _, each in subject.outcomes if not each.wording_confirmed))
    if codes:
        says = f"The wording of {', '.join(codes)} is not confirmed."
        yield Finding("wordings", "Official wordings", subject.sign_off_url, says, says)

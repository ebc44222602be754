"""How hard words are to read: the Flesch-Kincaid grade, and what of a page is ours to write."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pyphen
from lxml import html

HARDEST = 7.0
"""A reading age of 12: the school grade and five."""
_DICTIONARY = pyphen.Pyphen(lang="en_GB")
_WORD = re.compile(r"[A-Za-z]+(?:[’'-][A-Za-z]+)*")
_END = re.compile(r"(?<=[.!?])\s+")
_BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "dt", "dd", "th", "td", "label", "legend", "caption", "summary", "button")
_BLOCK = " or ".join(f"self::{name}" for name in _BLOCKS)
_HINTS = "contains(@class, 'nhsuk-hint') or contains(@class, 'error-message') or contains(@class, 'task-list__')"
_NOT_OURS = "//*[@data-official or @data-user-text] | //textarea | //script | //svg | //select"


def syllables(word: str) -> int:
    """Count the syllables of a word: by where it may be hyphenated, or by its vowels, whichever gives more.

    A dictionary of hyphens leaves out breaks beside a single letter, so by itself it makes long words look easy.
    """
    parts = [part for part in re.split(r"[-’']", word.lower()) if len(part) > 1]
    return sum(max(len(_DICTIONARY.positions(part)) + 1, _vowels(part)) for part in parts) or 1


def _vowels(word: str) -> int:
    sounds = re.sub(r"(?<=[^aeiouyl])es?$|(?<=[^td])ed$", "", word)
    return max(1, len(re.findall(r"[aeiouy]+", sounds)))


def sentences_of(blocks: Iterable[str]) -> list[str]:
    """Split blocks of text into sentences; a block without a full stop is a sentence of its own."""
    found = [part.strip() for block in blocks for part in _END.split(block)]
    return [part for part in found if _WORD.search(part)]


def grade(sentences: Iterable[str]) -> float:
    """Give the Flesch-Kincaid grade of sentences, 0 for none."""
    each = [_WORD.findall(sentence) for sentence in sentences]
    words = [word for found in each for word in found]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(each) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def blocks_of(page: str) -> list[str]:
    """Give the text of a page's main part, block by block, without what is marked as official or as somebody's own."""
    tree = html.document_fromstring(page)
    for element in tree.xpath(_NOT_OURS):
        element.drop_tree()
    found = tree.xpath(f"//main//*[{_BLOCK} or {_HINTS}][not(descendant::*[{_BLOCK} or {_HINTS}])]")
    return [" ".join(element.text_content().split()) for element in found]

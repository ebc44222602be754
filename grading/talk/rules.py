"""What questions and answers must not hold: words that give a grade away (R3). Pure functions of plain values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LIKE_GRADES = ("excellent", "excel", "underdeveloped", "under-developed", "un-developed")
"""Words that people say for a grade although no edition has them."""

_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


def grade_words_in(text: str, words: Iterable[str]) -> list[str]:
    """Give which of `words`, and of those that people say for them, stand in a text as words of their own.

    Capitals, unseen characters and other ways to write the same letter make no difference.
    """
    plain = _plain(text)
    wanted = sorted({_plain(word) for word in (*words, *LIKE_GRADES)} - {""})
    return [word for word in wanted if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain)]


def _plain(text: str) -> str:
    whole = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    bare = "".join(each for each in unicodedata.normalize("NFD", whole) if not unicodedata.combining(each))
    return " ".join(bare.casefold().split())

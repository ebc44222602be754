"""The difference between two texts, for eyes and for ears."""

from __future__ import annotations

import re

from diff_match_patch import diff_match_patch
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_PIECE = re.compile(r"\s+|\w+|[^\w\s]")
_FIRST, _PRIVATE, _BEYOND = 0xE000, 6400, 0x10000
_SECONDS = 1.0


def difference(
    stored: str, typed: str, *, gone: str = "only in the stored text", come: str = "only in yours"
) -> SafeString:
    """Draw what stands only in the stored text (deleted) and only in the typed one (inserted), word by word.

    Screen readers say little of <ins> and <del>, so each piece begins and ends in words that only they get: `gone` and `come`.
    """
    known: dict[str, str] = {}
    compare = diff_match_patch()
    compare.Diff_Timeout = _SECONDS
    found = compare.diff_main(_as_letters(stored, known), _as_letters(typed, known), False)
    compare.diff_cleanupSemantic(found)
    words = {letter: piece for piece, letter in known.items()}
    said = {-1: ("del", gone), 1: ("ins", come)}
    parts = ((_drawn(said.get(kind), "".join(words[letter] for letter in letters)),) for kind, letters in found)
    return format_html('<div class="eds-difference">{}</div>', format_html_join("", "{}", parts))


def _as_letters(text: str, known: dict[str, str]) -> str:
    letters = []
    for piece in _PIECE.findall(text):
        if piece not in known:
            number = len(known)
            known[piece] = chr(_FIRST + number) if number < _PRIVATE else chr(_BEYOND + number - _PRIVATE)
        letters.append(known[piece])
    return "".join(letters)


def _drawn(mark: tuple[str, str] | None, text: str) -> SafeString:
    return _marked(*mark, text) if mark else format_html("{}", text)


def _marked(tag: str, words: str, text: str) -> SafeString:
    return format_html(
        '<{0}><span class="nhsuk-u-visually-hidden">[{1}: </span>{2}'
        '<span class="nhsuk-u-visually-hidden">]</span></{0}>',
        tag,
        words,
        text,
    )

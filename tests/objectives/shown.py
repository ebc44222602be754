"""What a page says, as one line of words."""

from __future__ import annotations

import re
from html import unescape

_TAG = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)


def words_of(answer: object) -> str:
    """Give the words of a page's main part, without its marks."""
    page = answer.content.decode()  # type: ignore[attr-defined]
    main = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(_TAG.sub(" ", main)).split())

"""The one place that reaches into WeasyPrint: each piece of text it draws is marked with its language and its words.

WeasyPrint hands over neither. Its text layer holds the letters of Indic scripts in the order in which they are drawn,
which is not the order in which they are read: such text looks right, and is wrong to copy, to search and to hear.
`tests/reports/test_languages.py` tests each effect; another release of WeasyPrint may have moved what is wrapped here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Devanagari to Sinhala, and the further Devanagari of Vedic texts
_REORDERED = re.compile(r"[\u0900-\u0dff\u1cd0-\u1cff\ua8e0-\ua8ff]")


def mark_words() -> None:
    """Have every PDF that is drawn from now on say its words and languages. Calling it again changes nothing."""
    from pydyf import String
    from weasyprint.formatting_structure.boxes import TextBox
    from weasyprint.pdf.stream import Stream

    original = Stream.marked
    if hasattr(original, "says_words"):
        return

    @contextmanager
    def marked(self: Any, box: Any, tag: str) -> Iterator[None]:
        with original(self, box, tag):
            properties = self.stream[-2]
            if isinstance(box, TextBox) and isinstance(properties, dict):  # nothing is marked in an untagged PDF
                if box.style["lang"]:
                    properties["Lang"] = String(box.style["lang"])
                if _REORDERED.search(box.text):
                    properties["ActualText"] = String(box.text)
            yield

    marked.says_words = True  # type: ignore[attr-defined]
    Stream.marked = marked

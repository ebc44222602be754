"""What our work on a PDF costs beside the renderer's own, on a report of the size of a real one: `make bench`.

Prints the processor's seconds of render_pdf, of WeasyPrint alone on the same HTML and stylesheet, and their ratio; the
goal is 1.15. The least of several turns counts. WeasyPrint alone comes first, before anything of it is wrapped.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eds.project.settings")

import django

GOAL = 1.15
TURNS = 5
LETTERS = 108_000


def sample() -> dict[str, Any]:
    """Eighteen outcomes, nine notices, and texts of about as many letters as the report of 2012 has."""
    from eds.pages.demo.notices import NOTICES
    from tests.reports import samples

    payload = samples.big()
    content = payload["content"]
    content["notices"] = [{**notice._asdict(), "checked": False} for notice in NOTICES]
    outcomes = [outcome for goal in content["goals"] for outcome in goal["outcomes"]]
    for outcome in outcomes:
        letters = LETTERS // len(outcomes) - sum(len(reason["text"]) for reason in outcome["proposal"]["reasons"])
        outcome["evidence"] = [{**outcome["evidence"][0], "text": paragraphs(samples.PARAGRAPH, letters)}]
        outcome["summary"], outcome["statements"] = "", []
    return payload


def paragraphs(one: str, letters: int) -> str:
    """Paragraphs of that many letters in all."""
    text = (one.strip() + "\n\n") * (letters // len(one) + 1)
    return text[:letters]


def seconds(turn: Callable[[], object]) -> float:
    """How long the fastest of several turns keeps the processor busy; what is loaded once is not measured."""
    turn()
    times = []
    for _ in range(TURNS):
        began = time.process_time()
        turn()
        times.append(time.process_time() - began)
    return min(times)


def main() -> None:
    """Measure both and print the ratio."""
    django.setup()
    from weasyprint import CSS, HTML

    from reports.rendering import pdf

    payload = sample()
    html, style = pdf.page_of(payload)
    theirs = seconds(lambda: HTML(string=html).write_pdf(stylesheets=[CSS(string=style)], pdf_variant="pdf/ua-1"))
    mine = seconds(lambda: pdf.render_pdf(payload))
    if "--json" in sys.argv:
        print(json.dumps({"ours": mine, "theirs": theirs}))
        return
    print(f"render_pdf {mine:.2f} s, WeasyPrint alone {theirs:.2f} s: ratio {mine / theirs:.3f}, goal {GOAL}")


if __name__ == "__main__":
    main()

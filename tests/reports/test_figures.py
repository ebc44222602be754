"""Figures in a report: a picture with words for it, and a table with the same numbers, on the page and in the PDF."""

from __future__ import annotations

import io
from typing import Any

import pikepdf

from reports.rendering.pdf import render_pdf
from tests.reports import samples
from tests.reports.test_pdf import elements, words_of

ROW = {"count": "", "base": "", "compared": "", "compared_bar": -1, "is_total": False}
FIGURE = {
    "title": "Staff who say that their manager is fair",
    "source": "Trust staff survey",
    "period": "Autumn 2026",
    "about": "Disability",
    "unit": "Per cent",
    "base": "1,204",
    "rate": "Response rate: 41%",
    "compared_with": "",
    "has_counts": False,
    "has_bases": False,
    "rows": [
        {**ROW, "label": "Disabled staff", "value": "62%", "bar": 620},
        {**ROW, "label": "Staff who did not say", "value": "not shown", "bar": -1},
    ],
    "hides": True,
}


def with_figure() -> dict[str, Any]:
    payload = samples.small()
    [item] = [
        item
        for goal in payload["content"]["goals"]
        for outcome in goal["outcomes"]
        for item in outcome["evidence"]
        if outcome["code"] == "4.1"
    ][:1]
    item["figures"] = [FIGURE]
    item["findings"] = [
        {"group": "Disability (disabled staff)", "fares": "Fare worse", "explanation": "Letters.", "test": "A survey."}
    ]
    return payload


def test_the_picture_is_a_figure_with_words_and_the_table_follows() -> None:
    plain_file, file = render_pdf(samples.small()), render_pdf(with_figure())
    plain, pdf = pikepdf.open(io.BytesIO(plain_file)), pikepdf.open(io.BytesIO(file))

    def count(found: pikepdf.Pdf, kind: str) -> int:
        return sum(kind == each.S for each in elements(found.Root.StructTreeRoot))

    assert count(plain, "/Figure") == 0
    [picture] = [each for each in elements(pdf.Root.StructTreeRoot) if each.S == "/Figure"]
    assert FIGURE["title"] in str(picture.Alt)
    assert count(pdf, "/Table") > count(plain, "/Table")  # a table over two pages counts as two
    assert words_of(file).count(f"{FIGURE['title']}: the numbers") == 1
    assert "the numbers" not in words_of(plain_file)

"""Text keeps 7:1 (AAA) on what it stands on, on screen and on paper, in every state that our style sheets name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

STATIC = Path(settings.BASE_DIR) / "static"
ENOUGH = 7.0
HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
WHITE, PAGE = "#ffffff", "#f0f4f5"


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def tokens() -> dict[str, str]:
    text = (STATIC / "ui/tokens.css").read_text()
    return dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-fA-F]+)", text))


def pairs(name: str) -> list[tuple[str, str, str]]:
    """Give, for each rule of a sheet that sets a text colour, its selector, the colour and each ground it may stand on."""
    text = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(), flags=re.DOTALL)
    text = re.sub(r"var\((--[\w-]+)\)", lambda found: tokens().get(found[1], ""), text)
    found = []
    for selector, body in RULE.findall(text):
        colour = re.search(r"(?:^|[;\s])color:\s*(#[0-9a-fA-F]+)", body)
        if colour is None:
            continue
        ground = re.search(r"background(?:-color)?:\s*(#[0-9a-fA-F]+)", body)
        grounds = [ground[1]] if ground else [WHITE] if name.endswith("pdf.css") else [WHITE, PAGE]
        found += [(" ".join(selector.split()), colour[1], each) for each in grounds]
    return found


def test_contrast_is_counted_as_the_guidelines_say() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


SHEETS = sorted(f"ui/site/{path.name}" for path in (STATIC / "ui/site").glob("*.css"))


def test_every_sheet_is_on_every_page() -> None:
    frame = (Path(settings.BASE_DIR) / "templates/ui/base.html").read_text()
    assert sorted(re.findall(r"ui/site/\w+\.css", frame)) == SHEETS


@pytest.mark.parametrize("sheet", [*SHEETS, "reports/v1/pdf.css", "reports/v1/public.css"])
def test_text_keeps_seven_to_one(sheet: str) -> None:
    poor = [
        f"{selector}: {colour} on {ground} is {contrast(colour, ground):.2f}"
        for selector, colour, ground in pairs(sheet)
        if contrast(colour, ground) < ENOUGH and ":focus" not in selector and ground != colour
    ]
    assert poor == [each for each in poor if each.startswith(".eds-organisation")]


@pytest.mark.parametrize("state", ["link", "link-visited", "link-hover", "text-quiet", "error", "button"])
def test_each_state_of_a_link_keeps_seven_to_one(state: str) -> None:
    colour = tokens()[f"--eds-{state}"]
    assert contrast(colour, WHITE) >= ENOUGH
    if not state.startswith("button"):
        assert contrast(colour, PAGE) >= ENOUGH


@pytest.mark.parametrize("grade", ["red", "amber", "green", "purple", "grey"])
def test_a_grades_word_keeps_seven_to_one_on_its_own_colour(grade: str) -> None:
    assert contrast(tokens()[f"--eds-grade-{grade}"], tokens()[f"--eds-grade-{grade}-pale"]) >= ENOUGH


@pytest.mark.parametrize("button", ["button", "button-hover", "error", "blue-header", "blue-dark"])
def test_white_words_keep_seven_to_one(button: str) -> None:
    assert contrast(tokens()[f"--eds-{button}"], WHITE) >= ENOUGH

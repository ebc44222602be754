"""The house's map says what the code does."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LAYERS = PYPROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
DEMANDED_BY_TOOLS = {"docs", "requirements", "scripts", "var", "node_modules"}


def floors_of_the_map() -> list[str]:
    page = (ROOT / "docs" / "house.md").read_text()
    drawing = page.split("```")[1]
    return [match[1] for match in re.finditer(r"^([a-z.]+)  ", drawing, re.MULTILINE)]


def test_the_map_names_the_layers_in_their_order() -> None:
    layers = [floor.strip() for layer in LAYERS for floor in layer.split("|")]
    assert floors_of_the_map() == layers


def test_every_package_is_a_floor() -> None:
    packages = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for root in ("eds", "evidence", "grading", "objectives", "reports")
        for path in (ROOT / root).glob("**/apps.py")
    }
    assert packages == set(floors_of_the_map())


def test_at_the_top_is_nothing_else() -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith((".", "__"))}
    assert folders - DEMANDED_BY_TOOLS == {
        "eds", "evidence", "grading", "objectives", "reports", "static", "templates", "tests",
    }  # fmt: skip


def test_every_document_that_is_linked_exists() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"

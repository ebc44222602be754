"""The Nu checker over many pages in one call."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from tests.processes import ROOT

from .person import Book, Given

VNU = ROOT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def errors_of(book: Book, folder: Path) -> list[str]:
    """Give the Nu checker's errors, each with the page it is on. What it merely advises is left out."""
    folder.mkdir()
    names: dict[str, Given] = {}
    for number, given in enumerate(book.different()):
        path = folder / f"{number}.html"
        path.write_text(given.html)
        names[path.name] = given
    return [f"{names[name]}: {words}" for name, words in errors_in(folder)]


def errors_in(folder: Path) -> list[tuple[str, str]]:
    """Give the Nu checker's errors on the HTML files of a folder, each with the file's name."""
    java = shutil.which("java")
    assert java, "Java is not installed: make test installs it."
    done = subprocess.run(
        [java, "-jar", str(VNU), "--format", "json", "--exit-zero-always", *map(str, folder.glob("*.html"))],
        capture_output=True,
        text=True,
        check=True,
    )
    messages = json.loads(done.stderr)["messages"]
    return [
        (Path(message.get("url", "")).name, f"{message['message']}: {message.get('extract', '')}")
        for message in messages
        if message["type"] != "info"
    ]

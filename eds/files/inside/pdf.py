"""PDFs: words by poppler's pdftotext, the rest by pikepdf."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING

from django.core.files import File

from .found import Inside
from .pictures import about_picture

if TYPE_CHECKING:
    import pikepdf

MOST_PAGES = 500
SECONDS = 30
_NO_COMMENTS = {"/Link", "/Widget", "/Popup"}
_UNSEEN = 3  # the way of drawing text that draws nothing


def pdf(content: File) -> Inside:
    """Read a PDF: the words of its pages, comments, words that are drawn without being seen, files in it, pictures."""
    import pikepdf  # only whoever reads a PDF pays for loading it

    content.seek(0)
    data = content.read()
    words, unread = _words(data)
    try:
        with pikepdf.open(BytesIO(data)) as opened:
            pages = list(opened.pages)[:MOST_PAGES]
            if len(opened.pages) > MOST_PAGES:
                unread = unread or f"its pages after the first {MOST_PAGES}"
            return Inside(
                words=words,
                comments=list(dict.fromkeys(_comments(pages))),
                hidden=[*_unseen(pages), *(f"the file “{name}” inside it" for name in opened.attachments)],
                pictures=list(dict.fromkeys(_pictures(pages))),
                unread=unread,
            )
    except pikepdf.PasswordError:
        return Inside(words=words, unread="it is protected with a password")
    except pikepdf.PdfError:
        return Inside(words=words, unread="it cannot be taken apart")


def _words(data: bytes) -> tuple[str, str]:
    """Give the words of the pages, and why not where there are none."""
    program = shutil.which("pdftotext")
    if program is None:
        return "", "this site has no program that reads the words of PDFs"
    with tempfile.NamedTemporaryFile(suffix=".pdf") as kept:
        kept.write(data)
        kept.flush()
        try:
            done = subprocess.run(
                [program, "-q", "-l", str(MOST_PAGES), "-enc", "UTF-8", kept.name, "-"],
                capture_output=True,
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return "", "reading it takes too long"
    words = done.stdout.decode(errors="replace")
    if done.returncode:
        return words, "its words cannot be read"
    return words, "" if words.strip() else "it has no words that can be read; it may be a scan"


def _comments(pages: list[pikepdf.Page]) -> Iterator[str]:
    for page in pages:
        for each in page.get("/Annots", []):
            if "/Contents" in each and str(each.get("/Subtype")) not in _NO_COMMENTS:
                words = " ".join(str(each["/Contents"]).split())
                if words:
                    yield words


def _unseen(pages: list[pikepdf.Page]) -> list[str]:
    import pikepdf

    for page in pages:
        for step in pikepdf.parse_content_stream(page, operators="Tr"):
            if [int(operand) for operand in step.operands] == [_UNSEEN]:
                return ["words on its pages that are drawn without being seen"]
    return []


def _pictures(pages: list[pikepdf.Page]) -> Iterator[str]:
    for page in pages:
        for image in page.get_images().values():
            yield from about_picture(image.read_raw_bytes())

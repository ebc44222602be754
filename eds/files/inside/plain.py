"""Plain text and tables as text."""

from __future__ import annotations

from django.core.files import File

from .found import Inside


def plain(content: File) -> Inside:
    """Read text in UTF-8, UTF-16 with its mark, or the usual Windows encoding."""
    content.seek(0)
    raw = content.read()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Inside(words=raw.decode("utf-16", errors="replace"))
    try:
        return Inside(words=raw.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Inside(words=raw.decode("cp1252", errors="replace"))

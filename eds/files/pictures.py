"""Pictures: complete, and not larger than a page can show."""

from __future__ import annotations

import struct

from django.core.files import File

from .errors import UploadRefused

MAX_PIXELS = 60_000_000

_NOT_COMPLETE = "The picture is damaged, or not complete. Save it again, then upload the new file."


def check_png(content: File) -> None:
    """Check that a PNG has its first and last part, and its size in pixels."""
    content.seek(0)
    head = content.read(33)
    content.seek(max(0, int(content.size or 0) - 12))
    tail = content.read(12)
    if len(head) < 33 or head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR" or tail[4:8] != b"IEND":
        raise UploadRefused(_NOT_COMPLETE)
    _check_pixels(*struct.unpack(">II", head[16:24]))


def check_jpeg(content: File) -> None:
    """Check that a JPEG has a frame and an end, and its size in pixels."""
    content.seek(0)
    data = content.read()
    if not data.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in data[-65_536:]:
        raise UploadRefused(_NOT_COMPLETE)
    size = _jpeg_size(data)
    if size is None:
        raise UploadRefused(_NOT_COMPLETE)
    _check_pixels(*size)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk the segments to the frame header; None where they do not lead there."""
    position = 2
    while position + 9 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        if marker in {0x01, *range(0xD0, 0xD8)}:  # markers without a length
            position += 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + int(struct.unpack(">H", data[position + 2 : position + 4])[0])
    return None


def _check_pixels(width: int, height: int) -> None:
    if not width or not height:
        raise UploadRefused(_NOT_COMPLETE)
    if width * height > MAX_PIXELS:
        raise UploadRefused(
            f"The picture is {width} by {height} pixels, which is too large to show. Make it smaller, then upload it."
        )

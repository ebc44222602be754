"""What a picture tells of itself: where and when it was taken, by whom, with what."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_TAGS = {
    0x010E: "a description",
    0x010F: "the camera",
    0x0110: "the camera",
    0x0132: "when it was made",
    0x013B: "who made it",
    0x8298: "who made it",
    0x8825: "the place where it was taken",
    0x9003: "when it was made",
    0x9C9C: "a description",
    0x9C9D: "who made it",
    0xA430: "who made it",
    0xA431: "the camera",
}
_MORE = 0x8769  # where the rest of these tags stands
_HARMLESS = {"Software"}
_MOST_TAGS = 500


def about_picture(data: bytes) -> list[str]:
    """Give in words what a JPEG or PNG tells of itself, each once. What is no picture tells nothing."""
    if data.startswith(b"\xff\xd8"):
        found = _of_jpeg(data)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        found = _of_png(data)
    else:
        return []
    return list(dict.fromkeys(found))


def _of_jpeg(data: bytes) -> Iterator[str]:
    position = 2
    while position + 4 <= len(data) and data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:  # a fill byte
            position += 1
            continue
        if marker == 0xDA:  # from here on it is the picture itself
            return
        length = int(struct.unpack(">H", data[position + 2 : position + 4])[0])
        part = data[position + 4 : position + 2 + length]
        if marker == 0xE1 and part.startswith(b"Exif\0\0"):
            yield from _of_exif(part[6:])
        elif marker == 0xE1 and part.startswith(b"http://ns.adobe.com/"):
            yield "notes of the program that made it"
        elif marker == 0xED:
            yield "a caption or notes"
        elif marker == 0xFE:
            yield "a comment"
        position += 2 + max(length, 2)


def _of_png(data: bytes) -> Iterator[str]:
    position = 8
    while position + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[position : position + 8])
        part = data[position + 8 : position + 8 + length]
        if kind == b"eXIf":
            yield from _of_exif(part)
        elif kind in {b"tEXt", b"zTXt", b"iTXt"}:
            keyword = part.partition(b"\0")[0].decode("latin-1")
            if keyword not in _HARMLESS:
                yield f"a text called “{keyword}”"
        elif kind == b"IEND":
            return
        position += 12 + length


def _of_exif(data: bytes) -> Iterator[str]:
    """Read the two directories in which the tags stand that tell of people and places."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 8:
        return
    first = int(struct.unpack(order + "I", data[4:8])[0])
    for tag, value in _directory(data, first, order):
        if tag in _TAGS:
            yield _TAGS[tag]
        elif tag == _MORE:
            yield from (_TAGS[each] for each, _ in _directory(data, value, order) if each in _TAGS)


def _directory(data: bytes, at: int, order: str) -> Iterator[tuple[int, int]]:
    if at + 2 > len(data):
        return
    number = int(struct.unpack(order + "H", data[at : at + 2])[0])
    for index in range(min(number, _MOST_TAGS)):
        entry = data[at + 2 + 12 * index : at + 14 + 12 * index]
        if len(entry) < 12:
            return
        tag, _, _, value = struct.unpack(order + "HHII", entry)
        yield int(tag), int(value)

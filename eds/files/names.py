"""File names as people send them, made harmless. Pure functions of text."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote

MAX_CHARACTERS = 120
MAX_BYTES = 200

_JOINERS = "\u200c\u200d"  # part of ordinary words in Persian, Urdu and Hindi
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_RESERVED = '<>:"|?*'


def clean_name(name: str) -> str:
    """Give a name without path, control characters, marks that turn the direction of reading, or undue length.

    Cleaning twice gives the same; a name of which nothing is left becomes "file".
    """
    while (cleaned := _clean_once(name)) != name:
        name = cleaned
    return name


def _clean_once(name: str) -> str:
    name = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    kept = (" " if character.isspace() else character for character in name)
    name = "".join("_" if character in _RESERVED else character for character in kept if _is_kept(character))
    name = " ".join(name.split()).strip(" ." + _JOINERS)
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 20:
        stem, extension = name, ""
    ending = f".{extension}" if extension else ""
    while len(stem) + len(ending) > MAX_CHARACTERS or len((stem + ending).encode()) > MAX_BYTES:
        stem = stem[:-1]
    stem = stem.strip(" ." + _JOINERS)
    return unicodedata.normalize("NFC", stem + ending) if stem else f"file{ending}"


def extension_of(name: str) -> str:
    """Give the part after the last full stop in lower case, without the stop; "" where there is none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def content_disposition(name: str, *, inline: bool) -> str:
    """Give the header that names a download, in ASCII for old clients and in UTF-8 for all others."""
    name = clean_name(name)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = plain.replace("%", "_").replace(";", "_").strip()
    stem, dot, extension = plain.rpartition(".")
    if dot and not stem.strip(" ._-"):
        plain = f"file.{extension}"
    way = "inline" if inline else "attachment"
    header = f'{way}; filename="{plain or "file"}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"


def _is_kept(character: str) -> bool:
    return character in _JOINERS or unicodedata.category(character) not in _DROPPED_CATEGORIES

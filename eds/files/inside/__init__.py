"""What is inside a file: its words, and what somebody who opens it does not see at once (R16).

Nothing is decided here: whoever hands a file on to others looks through what this finds.
"""

from __future__ import annotations

from collections.abc import Callable

from django.core.files import File

from eds.files.names import extension_of

from .found import Inside
from .office import ooxml, opendocument
from .pdf import pdf
from .pictures import about_picture
from .plain import plain

__all__ = ["Inside", "inside"]


def _picture(content: File) -> Inside:
    content.seek(0)
    return Inside(pictures=about_picture(content.read()))


_READERS: dict[str, Callable[[File], Inside]] = {
    "pdf": pdf,
    "docx": ooxml,
    "xlsx": ooxml,
    "pptx": ooxml,
    "odt": opendocument,
    "ods": opendocument,
    "csv": plain,
    "txt": plain,
    "png": _picture,
    "jpg": _picture,
    "jpeg": _picture,
}


def inside(name: str, content: File) -> Inside:
    """Read a file that `eds.files.checks.check_upload` has taken; `name` says what it is. Leaves it at its beginning.

    What cannot be read is said in `unread`, never passed over.
    """
    try:
        return _READERS[extension_of(name)](content)
    finally:
        content.seek(0)

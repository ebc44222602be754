"""What reading a file gives."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Inside:
    """What is in a file.

    `words` are those that somebody who opens it can read. `comments` were written beside them. `hidden` are words that are
    in the file and not in sight, or what they stand in ("the sheet “Names”"). `pictures` says in words what its pictures
    tell of themselves ("the place where it was taken"). `unread` says why something could not be read, "" where all was.
    """

    words: str = ""
    comments: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    unread: str = ""

"""Plain values that the component tags draw. See eds.ui.templatetags.ui for the tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class TaskItem:
    """A row of a task list. Without a url it is text only; `colour` makes its status a coloured tag."""

    title: str
    url: str | None = None
    hint: str = ""
    status: str = ""
    colour: str = ""


@dataclass(frozen=True)
class SummaryRow:
    """A row of a summary list. `actions` are pairs of a verb ("Change") and an address; the key is added for ears."""

    key: str
    value: object
    actions: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Column:
    """A column of a table. Numbers stand to the right."""

    label: str
    numeric: bool = False


@dataclass(frozen=True)
class PhaseStep:
    """A step of a phase bar, with its dates in words."""

    label: str
    dates: str = ""
    state: Literal["done", "current", "next"] = "next"

"""What changed from one version of an item to the next, part by part, for those who see it in the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from eds.ui.differences import difference

from .models import EvidenceVersion, Figure


@dataclass(frozen=True)
class Changed:
    """A part of a version that is not as it was: its name, and both texts as one."""

    part: str
    difference: SafeString


@dataclass(frozen=True)
class Changes:
    """What a version changed; without parts, only its reason is new."""

    version: EvidenceVersion
    parts: list[Changed]


def changes_of(versions: Sequence[EvidenceVersion], asked: str = "") -> Changes | None:
    """Give what a version changed: the one numbered `asked`, else the newest; None for an item with one version.

    `versions` are all of the item, the newest first, with files, findings and figures read (no query).
    """
    later = {str(version.seq): number for number, version in enumerate(versions[:-1])}
    if not later:
        return None
    number = later.get(asked, 0)
    version, before = versions[number], versions[number + 1]
    then, now = _parts(before), _parts(version)
    found = [
        Changed(part, difference(then[part], now[part], gone="taken out", come="new"))
        for part in now
        if then[part] != now[part]
    ]
    return Changes(version, found)


def _parts(version: EvidenceVersion) -> dict[str, str]:
    return {
        "Title": version.title,
        "What it says": version.words,
        "Source": version.source,
        "Period": version.period,
        "Who it covers": version.who_it_covers,
        "How people fare": "\n".join(
            " ".join(filter(None, [f"{each}.", each.explanation, each.test])) for each in version.findings.all()
        ),
        "Figures": "\n".join(_figure(each) for each in version.figures.all()),
        "Files": "\n".join(file.name for file in version.files.all()),
    }


def _figure(figure: Figure) -> str:
    """Give a figure in words: each row with its numbers."""
    about = [figure.source, figure.period, figure.about_name, figure.get_unit_display(), figure.compared_with]
    if figure.base is not None:
        about.append(f"base {figure.base}")
    if figure.rate is not None:
        about.append(f"{figure.get_rate_kind_display()} {_number(figure.rate)}%")
    lines = [f"{figure.title} ({', '.join(filter(None, about))})"]
    for row in figure.rows.all():
        numbers = [_number(row.value)]
        if row.numerator is not None or row.base is not None:
            numbers.append(f"{_number(row.numerator)} of {_number(row.base)}")
        if row.compared is not None:
            numbers.append(f"compared with {_number(row.compared)}")
        lines.append(f"{row.label}{' (total)' if row.is_total else ''}: {', '.join(filter(None, numbers))}")
    return "\n".join(lines)


def _number(value: Decimal | int | None) -> str:
    return "" if value is None else f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, Decimal) else str(value)

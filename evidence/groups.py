"""The people that evidence can be about: protected characteristics, and the editable list of other groups."""

from __future__ import annotations

from dataclasses import dataclass

from eds.frameworks.models import Characteristic, Group

OTHER = "other"


@dataclass(frozen=True)
class Groups:
    """Names by code, in order: the characteristics, and other groups."""

    characteristics: dict[str, str]
    others: dict[str, str]

    def name(self, code: str) -> str:
        """Give the name of a characteristic or group, or "" for none."""
        return self.characteristics.get(code) or self.others.get(code, "")

    def choices(self, *, empty: str, other: str = "", keep: dict[str, str] | None = None) -> list[tuple[str, object]]:
        """Give choices for a list; `other` is the words for a group that the list has not, `keep` codes once chosen."""
        lost = {code: name for code, name in (keep or {}).items() if code and not self.name(code)}
        found: list[tuple[str, object]] = [
            ("", empty),
            ("Protected characteristics", list(self.characteristics.items())),
            ("Other groups", [*self.others.items(), *lost.items()]),
        ]
        return [*found, (OTHER, other)] if other else found


def groups() -> Groups:
    """Give the lists of all editions together, the newest edition's names first (two queries)."""
    characteristics: dict[str, str] = {}
    for code, name in Characteristic.objects.order_by("-revision_id", "position").values_list("code", "name"):
        characteristics.setdefault(code, name)
    others: dict[str, str] = {}
    for code, name in Group.objects.order_by("-revision_id", "position").values_list("code", "name"):
        others.setdefault(code, name)
    return Groups(characteristics, dict(sorted(others.items(), key=lambda pair: pair[1].casefold())))

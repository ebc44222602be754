"""Reads settings from the environment, and names each one that cannot be used, all at once and before anything starts."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


class Environment:
    """The variables that start with EDS_. Each read says what it takes; `finish` raises for all that went wrong."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._known: set[str] = set()
        self._wrong: list[str] = []

    @property
    def known(self) -> frozenset[str]:
        """Give the names of all settings that were read."""
        return frozenset(self._known)

    def text(self, name: str, default: str = "") -> str:
        """Give a text, without the spaces around it. One that is empty counts as not set."""
        self._known.add(name)
        return self._values.get(name, "").strip() or default

    def flag(self, name: str, default: bool) -> bool:
        """Give yes or no: 1 or 0."""
        said = self.text(name, "1" if default else "0").lower()
        if said not in YES | NO:
            self.refuse(name, f"is “{said}”. Set it to 1 or 0.")
        return said in YES

    def number(self, name: str, default: int, *, least: int = 0, most: int = 10**9) -> int:
        """Give a whole number between two bounds."""
        said = self.text(name, str(default))
        if not said.isdecimal() or not least <= int(said) <= most:
            self.refuse(name, f"is “{said}”. Set it to a whole number from {least} to {most}.")
            return default
        return int(said)

    def names(self, name: str, default: str = "") -> list[str]:
        """Give the parts between commas, without empty ones."""
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]

    def numbers(self, name: str, default: str) -> list[int]:
        """Give whole numbers between commas, the smallest first."""
        said = self.names(name, default)
        if any(not part.isdecimal() for part in said):
            self.refuse(name, f"is “{','.join(said)}”. Set it to whole numbers with commas between them.")
            return []
        return sorted(int(part) for part in said)

    def one_of(self, name: str, choices: Iterable[str], default: str) -> str:
        """Give one of a few words."""
        said = self.text(name, default)
        words = list(choices)
        if said not in words:
            self.refuse(name, f"is “{said}”. Set it to {' or '.join(words)}.")
            return default
        return said

    def address(self, name: str, default: str, schemes: Iterable[str]) -> str:
        """Give an address that starts with one of some schemes. What it holds is never repeated: it may be a password."""
        said = self.text(name, default)
        starts = [f"{scheme}://" for scheme in schemes]
        if said and not said.startswith(tuple(starts)):
            self.refuse(name, f"does not start with {' or '.join(starts)}.")
            return default
        try:
            urlsplit(said).port  # noqa: B018 - reading it is what raises
        except ValueError:
            self.refuse(name, "has a port that is no number.")
            return default
        return said

    def refuse(self, name: str, why: str) -> None:
        """Note that a setting cannot be used, and why."""
        self._wrong.append(f"{name} {why}")

    def finish(self) -> None:
        """Raise ImproperlyConfigured with a sentence for each setting that cannot be used."""
        if self._wrong:
            raise ImproperlyConfigured("\n".join(["Some settings cannot be used:", *self._wrong]))

    def misspelt(self, also: Iterable[str] = ()) -> dict[str, str]:
        """Give each variable that starts with EDS_ and is no setting, with the setting that it most looks like, or ""."""
        known = self.known | set(also)
        found = {}
        for name in sorted(self._values):
            if name.startswith("EDS_") and name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                found[name] = near[0] if near else ""
        return found

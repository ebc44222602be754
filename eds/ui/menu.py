"""What the rooms above put on every page: menu entries, footer links and the organisation's name.

A room registers a function from its ``AppConfig.ready()``; the page frame calls it when it is drawn, once a request:

    from eds.ui import menu
    menu.register(lambda request: [MenuItem("Evidence", reverse("evidence:library"))], order=30)

Functions are not called for people who are not signed in unless registered with ``anonymous=True``; such a function
promises to make no query for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.http import HttpRequest

T = TypeVar("T")


@dataclass(frozen=True)
class MenuItem:
    """One link. `current` marks the section that the page belongs to; left None, it is worked out from the address."""

    label: str
    url: str
    current: bool | None = None


@dataclass(frozen=True)
class _Entry(Generic[T]):
    provider: Callable[[HttpRequest], T]
    anonymous: bool
    order: int


@dataclass
class Registry(Generic[T]):
    """Functions of the request, in their order. Those that need a signed-in person are left out for strangers."""

    entries: list[_Entry[T]] = field(default_factory=list)

    def register(
        self, provider: Callable[[HttpRequest], T], *, anonymous: bool = False, order: int = 50
    ) -> Callable[[HttpRequest], T]:
        """Add a function and give it back, so that this can decorate. Registering one twice has no effect."""
        if all(entry.provider is not provider for entry in self.entries):
            self.entries.append(_Entry(provider, anonymous, order))
            self.entries.sort(key=lambda entry: entry.order)
        return provider

    def results(self, request: HttpRequest) -> list[T]:
        """Call each function that is meant for this person and give what they return, in order."""
        user = getattr(request, "user", None)
        signed_in = user is not None and user.is_authenticated
        return [entry.provider(request) for entry in self.entries if signed_in or entry.anonymous]


menu: Registry[Sequence[MenuItem]] = Registry()
footer: Registry[Sequence[MenuItem]] = Registry()
organisations: Registry[str | None] = Registry()

register = menu.register
register_footer = footer.register
register_organisation = organisations.register
"""The function gives the name of the organisation that the person is working for, or None where there is none."""

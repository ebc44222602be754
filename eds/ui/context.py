"""What the page frame shows, as the template variable ``site``. Nothing is worked out before a template asks for it."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from django.http import HttpRequest
from django.utils.functional import cached_property

from eds.ui import menu
from eds.ui.menu import MenuItem

SERVICE_NAME = "Equality Delivery System"


class Site:
    """The frame around a page for one request: `menu`, `footer`, `organisation`, `person`, `name`."""

    name = SERVICE_NAME

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def menu(self) -> list[MenuItem]:
        """The menu; the entry with the longest address that the page's address starts with is the current one."""
        items = list(chain.from_iterable(menu.menu.results(self._request)))
        inside = [item.url for item in items if _is_inside(self._request.path, item.url)]
        nearest = max(inside, key=len, default=None)
        return [replace(item, current=item.url == nearest) if item.current is None else item for item in items]

    @cached_property
    def footer(self) -> list[MenuItem]:
        """Links at the foot of every page."""
        return list(chain.from_iterable(menu.footer.results(self._request)))

    @cached_property
    def organisation(self) -> str:
        """The name of the organisation the person works for, or an empty text."""
        return next((name for name in menu.organisations.results(self._request) if name), "")

    @cached_property
    def person(self) -> str:
        """The name of the person who is signed in, or an empty text."""
        user = getattr(self._request, "user", None)
        return str(user) if user is not None and user.is_authenticated else ""


def _is_inside(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)


def site(request: HttpRequest) -> dict[str, Site]:
    """Context processor: gives the template variable `site`, at no cost until it is used."""
    return {"site": Site(request)}

"""Every route of the URL configuration, with what its address needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize


@dataclass(frozen=True)
class Route:
    """A route: its name (its pattern where it has none), its pattern, and its address with %(places)s for values."""

    name: str
    pattern: str
    template: str
    places: tuple[str, ...]

    def url(self, values: Mapping[str, object]) -> str:
        """Give an address with these values in its places. Raises KeyError where one is missing."""
        return "/" + self.template % values


def all_routes() -> list[Route]:
    """Walk the URL configuration and give every route, those of included configurations as well."""
    return list(_walk(get_resolver(), "", "", ""))


def _walk(resolver: URLResolver, pattern: str, regex: str, namespace: str) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        here = pattern + str(entry.pattern)
        expression = regex + entry.pattern.regex.pattern.removeprefix("^")
        if isinstance(entry, URLResolver):
            inside = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, here, expression, inside)
        elif isinstance(entry, URLPattern):
            [(template, places)] = normalize(expression)
            yield Route(namespace + entry.name if entry.name else here, here, template, tuple(places))

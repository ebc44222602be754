"""Finds evidence in a library: every word must occur, titles first; and the facets that narrow the list (portable SQL)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from eds.history.reading import fill
from eds.people.models import Organisation, User
from eds.ui.forms import Form

from .models import EvidenceItem, EvidenceLink, EvidenceVersion, Figure, Finding

MOST_WORDS = 8
AGES = {"1": "In the last year", "2": "One to two years ago", "3": "More than two years ago"}
_YEAR = dt.timedelta(days=365)


class LibraryForm(Form):
    """The search box and the facets of a library; what a library has not is not offered."""

    q = forms.CharField(label="Search for", max_length=200, required=False)
    source = forms.ChoiceField(required=False)
    group = forms.ChoiceField(label="Who it is about", required=False)
    outcome = forms.ChoiceField(label="Cited for outcome", required=False)
    year = forms.ChoiceField(label="Cited in", required=False)
    owner = forms.ChoiceField(label="Written by", required=False)
    age = forms.ChoiceField(label="Last changed", required=False)

    def __init__(self, *args: Any, organisation: Organisation, items: QuerySet[EvidenceItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["q"].widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        for name, choices in _facets(organisation, items).items():
            self.fields[name].choices = [("", "All"), *choices]  # type: ignore[attr-defined]

    @property
    def facets(self) -> list[Any]:
        """Give the fields beside the search box that offer a choice."""
        return [self[name] for name in self.fields if name != "q" and len(self.fields[name].choices) > 2]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        """Give what was asked; an answer that is not on offer is no answer."""
        if not self.is_bound:
            return {}
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def _newest(items: QuerySet[EvidenceItem]) -> QuerySet[EvidenceVersion]:
    later = EvidenceVersion.objects.filter(item=OuterRef("item"), seq__gt=OuterRef("seq"))
    return EvidenceVersion.objects.filter(~Exists(later), item__in=items.order_by().values("pk"))


def _facets(organisation: Organisation, items: QuerySet[EvidenceItem]) -> dict[str, list[tuple[str, str]]]:
    """Give the choices of each facet (one query)."""
    newest = _newest(items).order_by()
    # An item is cited by its own organisation alone. To begin there spares the database everybody else's citations.
    links = EvidenceLink.objects.filter(
        assessed_outcome__assessment__organisation=organisation,
        item__in=items.order_by().values("pk"),
        removed_on__isnull=True,
    ).order_by()
    said = newest.values_list("source", flat=True).distinct()
    findings = Finding.objects.filter(version__in=newest.values("pk")).order_by()
    about = findings.values_list("about_code", "about_name", "category").distinct()
    pairs = links.values_list("assessed_outcome__outcome__code", "assessed_outcome__assessment__year").distinct()
    writers = User.objects.filter(pk__in=items.order_by().values("created_by")).values_list("public_id", "name")
    fill([said, about, pairs, writers])
    sources = sorted({each for each in said if each}, key=str.casefold)
    groups = {(code or name or category): (name or category) for code, name, category in about}
    owners = dict(writers)
    return {
        "source": [(each, each) for each in sources],
        "group": sorted(groups.items(), key=lambda pair: pair[1].casefold()),
        "outcome": [(code, code) for code in sorted({code for code, _ in pairs})],
        "year": [(str(y), f"{y}-{(y + 1) % 100:02d}") for y in sorted({y for _, y in pairs}, reverse=True)],
        "owner": sorted(owners.items(), key=lambda pair: pair[1].casefold()),
        "age": list(AGES.items()),
    }


def search(items: QuerySet[EvidenceItem], asked: dict[str, str]) -> QuerySet[EvidenceItem]:
    """Narrow a library to what was asked: each word occurs in title, text, source, figures or groups; titles first."""
    newest_pk = EvidenceVersion.objects.filter(item=OuterRef("pk")).order_by("-seq").values("pk")[:1]
    items = items.annotate(newest_pk=Subquery(newest_pk))
    version = EvidenceVersion.objects.filter(pk=OuterRef("newest_pk"))
    words = asked.get("q", "").split()[:MOST_WORDS]
    in_title = Q()
    for word in words:
        in_figures = Figure.objects.filter(version=OuterRef("newest_pk")).filter(
            Q(title__icontains=word) | Q(source__icontains=word) | Q(rows__label__icontains=word)
        )
        about = Finding.objects.filter(version=OuterRef("newest_pk")).filter(
            Q(about_name__icontains=word) | Q(category__icontains=word) | Q(explanation__icontains=word)
        )
        said = version.filter(
            Q(title__icontains=word)
            | Q(searched__icontains=word)
            | Q(source__icontains=word)
            | Q(period__icontains=word)
            | Q(who_it_covers__icontains=word)
        )
        items = items.filter(Exists(said) | Exists(in_figures) | Exists(about))
        in_title &= Q(title__icontains=word)
    if source := asked.get("source"):
        items = items.filter(Exists(version.filter(source=source)))
    if group := asked.get("group"):
        named = Q(about_code=group) | Q(about_code="", about_name=group) | Q(about_code="", category=group)
        items = items.filter(Exists(Finding.objects.filter(named, version=OuterRef("newest_pk"))))
    links = EvidenceLink.objects.filter(item=OuterRef("pk"), removed_on__isnull=True)
    if outcome := asked.get("outcome"):
        links = links.filter(assessed_outcome__outcome__code=outcome)
    if year := asked.get("year"):
        links = links.filter(assessed_outcome__assessment__year=int(year))
    if outcome or year:
        items = items.filter(Exists(links))
    if owner := asked.get("owner"):
        items = items.filter(created_by__public_id=owner)
    if age := asked.get("age"):
        now = timezone.now()
        changed = version.filter(recorded_at__lte=now - _YEAR * (int(age) - 1)) if age != "1" else version
        changed = changed.filter(recorded_at__gt=now - _YEAR * int(age)) if age != "3" else changed
        items = items.filter(Exists(changed))
    if not words:
        return items
    rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    return items.annotate(rank=rank).order_by("rank", F("changed_at").desc(), "-pk")

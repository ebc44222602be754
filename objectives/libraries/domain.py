"""Linking an objective or an action to what a national plan asks for."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from eds.history.errors import DomainError
from eds.people.models import User
from objectives.equality.models import EqualityObjective
from objectives.plan.models import ImprovementAction

from .catalogue import items
from .models import NationalLink

LINKED, TAKEN_BACK = "It answers this", "It does not answer this"


def answer_items(*, actor: User, subject: EqualityObjective | ImprovementAction, keys: Iterable[str]) -> list[str]:
    """Set which items of the libraries an objective or an action answers; gives them in order.

    Raises DomainError for an item that no library has.
    """
    wanted = set(keys)
    if unknown := wanted - items().keys():
        raise DomainError(f"No library has {', '.join(sorted(unknown))}.", field="items")
    with transaction.atomic():
        type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)
        of = {"objective": subject} if isinstance(subject, EqualityObjective) else {"action": subject}
        links = {link.item: link for link in NationalLink.objects.filter(**of)}
        for key in sorted(wanted | links.keys()):
            link = links.get(key) or NationalLink(item=key, removed=True, **of)
            if link.removed != (key not in wanted):
                link.removed = key not in wanted
                link.record(actor=actor, reason=TAKEN_BACK if link.removed else LINKED)
    return sorted(wanted)

"""Fetching is authorising: an item of a library, for somebody who may see it there."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from eds.access.decide import Access, access_of
from eds.access.table import Deed, Role
from eds.people.models import Organisation

from . import queries
from .models import EvidenceItem


def writer_filter(access: Access, organisation: Organisation) -> dict[str, Any]:
    """The lead sees the whole library; a contributor what they wrote and what is cited for their outcomes."""
    return {} if Role.LEAD in access.roles_in(organisation.pk) else {"written_by": access.user}


def item_with_right(request: HttpRequest, item_id: str) -> EvidenceItem:
    """Fetch an item of a library that the person may see; what is not in it does not exist for them."""
    access = access_of(request)
    found = (
        EvidenceItem.objects.filter(organisation__in=access.organisations(), public_id=item_id)
        .select_related("organisation")
        .first()
    )
    if found is None:
        raise Http404
    access.require(Deed.SEE_LIBRARY, found.organisation)
    item = queries.library(found.organisation, **writer_filter(access, found.organisation)).filter(pk=found.pk).first()
    if item is None:
        raise Http404
    item.organisation = found.organisation
    return item

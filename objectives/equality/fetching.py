"""Fetching is authorising: an objective for somebody who may see it, for a deed, and for a step that may follow now."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from eds.access.decide import OWN_ORGANISATION, access_of
from eds.access.table import Deed

from .queries import Known, may_comment, read_the_rest, standing
from .rules import SHOWN_TO_PANELS, Step


def objective_with_right(
    request: HttpRequest, objective_id: str, deed: Deed = Deed.SEE_OBJECTIVES, step: Step | None = None
) -> Known:
    """Fetch an objective. A draft does not exist for those who may not see drafts.

    Raises Http404 for what the person may not see, PermissionDenied with the sentence for a deed that is not theirs or a
    step that may not follow now. What belongs to it is read only for those who may go on.
    """
    access = access_of(request)
    row = standing().filter(organisation__in=access.organisations(), public_id=objective_id).first()
    if row is None:
        raise Http404
    access.require(Deed.SEE_OBJECTIVES, row.organisation)
    found = Known(row)
    if found.stage not in SHOWN_TO_PANELS and not access.may(Deed.SEE_DRAFT_OBJECTIVES, row.organisation):
        raise Http404
    access.require(deed, row.organisation)
    if deed is Deed.COMMENT_ON_OBJECTIVES and not may_comment(access, row.organisation):
        raise PermissionDenied(OWN_ORGANISATION)
    if step is not None and (sentence := found.why_not(step)):
        raise PermissionDenied(sentence)
    read_the_rest(row)
    return found

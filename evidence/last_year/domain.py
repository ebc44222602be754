"""Decide on the evidence that an outcome had last year: keep, renew or drop, several at once (R19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from eds.assessments.models import AssessedOutcome
from eds.history.errors import DomainError
from eds.people.models import User
from evidence.domain import cite, lock_preparing
from evidence.models import EvidenceItem, OfferDecision

from .queries import Offer, offers_of


@dataclass(frozen=True)
class Decided:
    """What somebody decides on last year's items of an outcome; `offer` takes back what was dropped."""

    keep: Sequence[EvidenceItem] = ()
    renew: Sequence[EvidenceItem] = ()
    drop: Sequence[EvidenceItem] = ()
    offer: Sequence[EvidenceItem] = ()


def decide_offers(*, actor: User, assessed_outcome: AssessedOutcome, decided: Decided, reason: str = "") -> None:
    """Carry out what is decided, all or nothing; `reason` says why items are dropped (R19).

    What is kept is cited. What is to be renewed is cited with its next version. Raises DomainError for an item that is
    not offered, where items are dropped without a reason, where nothing is decided, or once the round has opened.
    """
    items = [*decided.keep, *decided.renew, *decided.drop, *decided.offer]
    if not items:
        raise DomainError("Choose what to do with one piece of evidence or more.")
    if len({item.pk for item in items}) < len(items):
        raise DomainError("Choose one thing for each piece of evidence.")
    if decided.drop and not reason.strip():
        raise DomainError("Say why you drop this evidence.", field="reason")
    with transaction.atomic():
        outcome = lock_preparing(assessed_outcome)
        offers = {offer.item.pk: offer for offer in offers_of([outcome])[outcome.pk]}
        if any(item.pk not in offers for item in items):
            raise DomainError(
                "Some of this evidence is cited already, or was not cited last year. Look at the page again."
            )
        for item in decided.keep:
            cite(actor=actor, assessed_outcome=outcome, item=item, reason=f"Kept from {offers[item.pk].year}")
        choices = OfferDecision.Choice
        for item in decided.renew:
            _decide(actor, outcome, offers[item.pk], choices.RENEW, "To be renewed")
        for item in decided.drop:
            _decide(actor, outcome, offers[item.pk], choices.DROP, reason.strip())
        for item in decided.offer:
            _decide(actor, outcome, offers[item.pk], choices.OFFER, "Offered again")


def _decide(actor: User, outcome: AssessedOutcome, offer: Offer, choice: OfferDecision.Choice, reason: str) -> None:
    stands = offer.decision
    if stands is None or (stands.choice, stands.reason) != (choice, reason):
        OfferDecision.append(actor=actor, reason=reason, assessed_outcome=outcome, item=offer.item, choice=choice)

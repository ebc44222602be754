"""The form that decides on last year's evidence: one answer for each item, and one reason for all that is dropped."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms

from eds.ui.forms import RadioField, TextField, VersionedForm, choice
from eds.ui.text import uk_date
from evidence.models import EvidenceItem

from .domain import Decided
from .queries import Offer

LATER, KEEP, RENEW, DROP = "", "keep", "renew", "drop"
CHOICES = [
    choice(KEEP, "Keep", "It is cited again as it is."),
    choice(RENEW, "Renew", "You write a new version. Then it is cited."),
    choice(DROP, "Drop", "It is not used this year."),
    choice(LATER, "Decide later"),
]


class LastYearForm(VersionedForm):
    """Keep, renew, drop or decide later, for each item; what was dropped can be offered again."""

    mark_optional = False
    again = forms.MultipleChoiceField(
        label="Dropped. Tick what you want to be offered again",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = TextField(
        label="Why do you drop it?", rows=3, required=False, help_text="Only where you drop something. It is kept."
    )

    def __init__(self, *args: Any, offers: Sequence[Offer], **kwargs: Any) -> None:
        super().__init__(*args, current_version=_state_of(offers), **kwargs)
        self._open = [offer for offer in offers if offer.waits]
        self._dropped = {offer.item.public_id: offer for offer in offers if not offer.waits}
        for offer in self._open:
            field = RadioField(
                label=offer.newest.title,
                choices=CHOICES,
                required=False,
                initial=offer.state,
                help_text=_hint(offer),
            )
            self.add_field(_name(offer), field)
        if self._dropped:
            self.fields["again"].choices = [  # type: ignore[attr-defined]
                choice(key, offer.newest.title, _why(offer)) for key, offer in self._dropped.items()
            ]
        else:
            del self.fields["again"]
        if not self._open:
            del self.fields["reason"]
        self.order_fields([*(_name(offer) for offer in self._open), "reason", "again"])

    def clean(self) -> dict[str, Any]:
        """Ask for a decision, and for the reason of what is dropped."""
        data = super().clean() or self.cleaned_data
        decided = self.decided()
        if decided == Decided() and not self.errors:
            self.add_error(None, "Choose what to do with one piece of evidence or more")
        if decided.drop and "reason" in self.fields and not data.get("reason"):
            self.add_error("reason", "Say why you drop this evidence")
        return data

    def decided(self) -> Decided:
        """Give what is decided and differs from what stands."""
        by_choice: dict[str, list[EvidenceItem]] = {KEEP: [], RENEW: [], DROP: [], LATER: []}
        for offer in self._open:
            sent = self.add_prefix(_name(offer)) in self.data
            chosen = self.cleaned_data.get(_name(offer), offer.state) if sent else offer.state
            if chosen != offer.state:
                by_choice[chosen].append(offer.item)
        again = [self._dropped[key].item for key in self.cleaned_data.get("again", [])]
        return Decided(
            keep=tuple(by_choice[KEEP]),
            renew=tuple(by_choice[RENEW]),
            drop=tuple(by_choice[DROP]),
            offer=(*by_choice[LATER], *again),
        )


def _name(offer: Offer) -> str:
    return f"item_{offer.item.public_id}"


def _hint(offer: Offer) -> str:
    version = offer.newest
    parts = [version.source, version.period, f"last changed on {uk_date(version.recorded_at)}"]
    if offer.shown and offer.shown.pk != version.pk:
        parts.append(f"{offer.year} showed an older version")
    words = ", ".join(filter(None, parts))
    return f"{words[:1].upper()}{words[1:]}."


def _why(offer: Offer) -> str:
    return f"Reason: {offer.decision.reason}" if offer.decision else ""


def _state_of(offers: Sequence[Offer]) -> str:
    """Give a short text for what stands, so that a form of somebody who was slower is noticed."""
    words = ",".join(f"{offer.item.public_id}:{offer.state}" for offer in offers)
    return hashlib.sha256(words.encode()).hexdigest()[:16]

"""Forms of sign-off and publishing."""

from __future__ import annotations

from django import forms

from eds.ui.forms import Form, RadioField, TextField
from reports.models import SignOff


class SignOffForm(Form):
    """The board sponsor's decision, bound to the content that was read."""

    decision = RadioField(
        label="Do you sign off this report?",
        choices=[(SignOff.Decision.SIGNED, "Yes, I sign it off"), (SignOff.Decision.REFUSED, "No, not as it is")],
    )
    reason = TextField(label="Reason", rows=4, required=False, help_text="Needed where you do not sign it off.")
    seen_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    missing = {"decision": "Choose whether you sign off the report"}


class PublishForm(Form):
    """Publishes; a correction says what it corrects."""

    reason = TextField(label="What does this version correct?", rows=4, help_text="It is published with the report.")
    missing = {"reason": "Say what this version corrects"}

    def __init__(self, *args: object, correction: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not correction:
            del self.fields["reason"]


class ReopenForm(Form):
    """Takes a published assessment back for a correction."""

    reason = TextField(label="Why does the published report need a correction?", rows=4)
    missing = {"reason": "Say why the published report needs a correction"}


class CloseForm(Form):
    """Closes a published version."""

    reason = TextField(
        label="Why is the version closed?",
        rows=4,
        help_text="It stands on the version's page. Do not repeat what must not be disclosed.",
    )
    missing = {"reason": "Say why the version is closed"}

"""Forms for questions, answers and remarks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eds.ui.forms import Form, RadioField, TextField, choice
from evidence.queries import Cited

LONGEST = 2000
NO_ITEM = "none"


class QuestionForm(Form):
    """A question about an outcome's evidence."""

    text = TextField(
        label="Your question",
        rows=4,
        max_length=LONGEST,
        help_text="Nobody sees who asks. Ask about the evidence, and name no grade and no person.",
    )
    missing = {"text": "Write your question"}


class AnswerForm(Form):
    """The organisation's answer; it may point to evidence."""

    text = TextField(
        label="The answer",
        rows=5,
        max_length=LONGEST,
        help_text="All panels of this outcome read it. Name no grade and no person.",
    )
    item = RadioField(label="Does evidence hold the answer?", required=False)
    missing = {"text": "Write the answer"}

    def __init__(self, *args: Any, evidence: Iterable[Cited], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = [cited for cited in evidence if cited.shared_with_panels]
        if not shared:
            del self.fields["item"]
            return
        items = [choice(each.link.item.public_id, each.version.title, "In its newest version") for each in shared]
        self.fields["item"].choices = [choice(NO_ITEM, "No, the answer is enough"), *items]  # type: ignore[attr-defined]
        self.fields["item"].initial = NO_ITEM

    @property
    def item_id(self) -> str:
        """Give the chosen item's public id, or ""."""
        chosen = self.cleaned_data.get("item", "")
        return "" if chosen == NO_ITEM else chosen


class RemarkForm(Form):
    """Something to say to one's own panel."""

    text = TextField(
        label="What do you want to say to your panel?",
        rows=4,
        max_length=LONGEST,
        help_text="Only your own panel reads it. Your name does not stand beside it; the chair and the organiser can "
        "open the names.",
    )
    missing = {"text": "Write what you want to say to your panel"}


class TakeBackForm(Form):
    """One button."""

"""Forms for what was found in texts, and for stories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from eds.ui.forms import DateField, Form, RadioField, TextField

from .models import StoryMark, TextAnswer
from .rules import Found


class QuestionsForm(Form):
    """An answer with its reason for each thing that was found; what is left empty waits."""

    def __init__(self, *args: Any, questions: Sequence[Found], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for found in questions:
            label = f"{found.statement}. What is it?"
            self.add_field(
                f"answer_{found.key}", RadioField(label=label, choices=TextAnswer.Answer.choices, required=False)
            )
            self.add_field(
                f"reason_{found.key}",
                TextField(label=f"Why? (about “{found.excerpt}”)", rows=2, max_length=1000, required=False),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of each answer, and for an answer at all."""
        data = super().clean() or self.cleaned_data
        for found in self.questions:
            answer, reason = data.get(f"answer_{found.key}"), (data.get(f"reason_{found.key}") or "").strip()
            if answer and not reason:
                self.add_error(f"reason_{found.key}", f"Say why, for “{found.excerpt}”")
            if reason and not answer:
                self.add_error(f"answer_{found.key}", f"Choose an answer for “{found.excerpt}”")
        if not any(data.get(f"answer_{found.key}") for found in self.questions) and not self.errors:
            raise ValidationError("Answer one of the questions first.")
        return data

    def answers(self) -> list[tuple[Found, str, str]]:
        """Give what was answered: what was found, the answer and its reason."""
        data = self.cleaned_data
        return [
            (found, data[f"answer_{found.key}"], data[f"reason_{found.key}"])
            for found in self.questions
            if data.get(f"answer_{found.key}")
        ]


class StoryForm(Form):
    """Whether evidence tells somebody's story, and on what ground it is shown (R16)."""

    kind = RadioField(label="Does it tell the story of a patient or a member of staff?", choices=StoryMark.Kind.choices)
    scope = RadioField(
        label="If the person has consented: who may read it?", choices=StoryMark.Scope.choices, required=False
    )
    consent_for = forms.CharField(
        label="What has the person consented to?",
        max_length=200,
        required=False,
        help_text="For example, printing the story without a name in this year’s report",
    )
    consent_until = DateField(label="Until when?", required=False, help_text="Leave empty where no end was agreed.")
    missing = {"kind": "Choose whether it tells somebody’s story"}

    def clean(self) -> dict[str, Any]:
        """A consent says for whom and for what."""
        data = super().clean() or self.cleaned_data
        if data.get("kind") == StoryMark.Kind.CONSENT:
            if not data.get("scope"):
                self.add_error("scope", "Choose who may read the story")
            if not data.get("consent_for"):
                self.add_error("consent_for", "Enter what the person has consented to")
        return data

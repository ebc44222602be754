"""Answering the checks before publishing, and refusing to publish while one holds the report up."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from eds.assessments.models import Assessment, State
from eds.history.errors import DomainError
from eds.people.models import User
from reports.checks import Checked, Kind, all_checks, run_checks
from reports.models import CheckAnswer
from reports.payload import schema


class ChecksOpen(DomainError):
    """The checks hold the report up; `checked` names what."""

    def __init__(self, checked: Checked) -> None:
        super().__init__(f"The report cannot be published yet: {checked.words[:1].lower()}{checked.words[1:]}")
        self.checked = checked


def answer_checks(
    *, actor: User, assessment: Assessment, check_id: str, seen: Mapping[str, str], text: str
) -> list[CheckAnswer]:
    """Answer findings of one check with one text. `seen` gives, by finding's key, the fingerprint that was on the page.

    Answers are kept with who, when and why, and count while what they are about is unchanged. Raises DomainError outside
    sign-off, without a text or a finding, for a check that is not to be answered, or where something has changed since.
    """
    kind = next((each.kind for each in all_checks() if each.id == check_id), None)
    if kind is not Kind.ASK:
        raise DomainError("This is not to be answered: it must be mended.")
    if not text.strip():
        raise DomainError("Write your answer. It is kept with your name.", field="text")
    if not seen:
        raise DomainError("Choose at least one thing that you answer.", field="findings")
    with transaction.atomic():
        locked = (
            Assessment.objects.select_for_update(of=("self",))
            .select_related("organisation", "framework", "revision__framework")
            .get(pk=assessment.pk)
        )
        if locked.state != State.IN_SIGN_OFF:
            raise DomainError("Checks are answered once every round is agreed, and until the report is published.")
        now = {each.finding.key: each for each in run_checks(locked).of(check_id)}
        if any(key not in now or now[key].finding.fingerprint != mark for key, mark in seen.items()):
            raise DomainError("Something has changed since you opened the page. Read it again, then answer.")
        return [
            CheckAnswer.append(
                actor=actor,
                reason=text.strip(),
                assessment=locked,
                check_id=check_id,
                about=key,
                place=now[key].finding.place[:300],
                fingerprint=mark,
            )
            for key, mark in seen.items()
        ]


def require_ready(assessment: Assessment, content: schema.Content) -> None:
    """Raise ChecksOpen where the checks hold the report up. The caller holds the assessment's lock."""
    checked = run_checks(assessment, content)
    if not checked.ready:
        raise ChecksOpen(checked)

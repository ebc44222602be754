"""The form of one side's statement, on its own page and on the agreement board."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eds.assessments.models import Panel

from .forms import StatementForm
from .models import Statement
from .queries import OutcomeGrades, statement_version


def statement_form(
    grades: OutcomeGrades, panel: Panel | None, data: Mapping[str, Any] | None = None, **more: Any
) -> StatementForm:
    """Give the form with what this side said last of the present grades: a panel's, or the organisation's for None.

    It carries which grades its reader saw. `more` goes to the form.
    """
    side = Statement.Side.LOCAL_INTERESTS if panel else Statement.Side.ORGANISATION
    panel_pk = panel.pk if panel else None
    said = next((each for each in grades.statements if (each.side, each.panel_id) == (side, panel_pk)), None)
    return StatementForm(
        data,
        current_version=statement_version(grades.proposal, grades.local, said),
        current_text={"text": said.reason} if said else {},
        initial={"text": said.reason if said else ""},
        **more,
    )

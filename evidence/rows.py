"""A form with rows that works without scripts: "Add another row" sends the form, and the page keeps all that was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

from eds.ui.forms import VersionedForm

ADD = "add_row"
MOST_ROWS = 40


@dataclass(frozen=True)
class RowView:
    """A row on the page: its number, counted from 1, and its fields."""

    number: int
    fields: list[BoundField]


class RowsForm(VersionedForm):
    """A form of some fields and of rows of fields, each called `<name>_<row>`. A row left empty is left out.

    `rows` are the rows as stored. Where `data` is given it says how many rows there are; with "Add another row" among
    it the form is not checked, and has one row more.
    """

    row_count = forms.IntegerField(required=False, widget=forms.HiddenInput)
    fewest_rows: ClassVar[int] = 1
    row_words: ClassVar[str] = "row"

    def __init__(
        self,
        data: Any = None,
        *args: Any,
        rows: Sequence[Mapping[str, Any]] = (),
        initial: Mapping[str, Any] | None = None,
        current_version: object,
        **kwargs: Any,
    ) -> None:
        start = dict(initial or {})
        for number, row in enumerate(rows):
            start |= {f"{name}_{number}": value for name, value in row.items()}
        self.adds = data is not None and ADD in data
        self.size = max(len(rows), self.fewest_rows)
        if data is not None:
            sent = str(data.get("row_count", ""))
            self.size = min(int(sent), MOST_ROWS) if sent.isdecimal() and int(sent) > 0 else self.size
        if self.adds:
            start = {name: data.get(name) for name in data}
            current_version = data.get("version", current_version)
            self.size = min(self.size + 1, MOST_ROWS)
            data = None
        start["row_count"] = self.size
        super().__init__(data, *args, initial=start, current_version=current_version, **kwargs)
        for number in range(self.size):
            for name, field in self.row_fields().items():
                self.add_field(f"{name}_{number}", field)
        if self.adds:
            first = next(iter(self.row_fields()))
            self.fields[f"{first}_{self.size - 1}"].widget.attrs["autofocus"] = True

    def row_fields(self) -> dict[str, forms.Field]:
        """Give the fields of one row, made afresh."""
        raise NotImplementedError

    def is_empty(self, row: Mapping[str, Any]) -> bool:
        """Say whether a row was left empty."""
        return not any(value not in (None, "", False) for value in row.values())

    @property
    def rows(self) -> list[RowView]:
        """Give the rows for the page."""
        names = list(self.row_fields())
        return [RowView(n + 1, [self[f"{name}_{n}"] for name in names]) for n in range(self.size)]

    @property
    def own_fields(self) -> list[BoundField]:
        """Give the visible fields that are not of a row."""
        in_rows = {bound.name for row in self.rows for bound in row.fields}
        return [bound for bound in self.visible_fields() if bound.name not in in_rows]

    def filled(self) -> list[tuple[int, dict[str, Any]]]:
        """Give the rows that are not empty, each with its place."""
        names = list(self.row_fields())
        rows = [(n, {name: self.cleaned_data.get(f"{name}_{n}") for name in names}) for n in range(self.size)]
        return [(n, row) for n, row in rows if not self.is_empty(row)]

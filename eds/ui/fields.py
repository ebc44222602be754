"""How a bound field of any Django form is drawn: which component it is, what describes it, its ids."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.forms import BaseForm
from django.forms.boundfield import BoundField, BoundWidget
from django.forms.widgets import ChoiceWidget, Input, Widget
from django.utils.safestring import SafeString

from eds.ui.forms import STOCK_REQUIRED, missing_sentence


@dataclass(frozen=True)
class Option:
    """One radio or tick box."""

    dom_id: str
    name: str
    value: str
    label: str
    hint: str
    checked: bool
    disabled: bool


@dataclass(frozen=True)
class SummaryError:
    """One line of an error summary; without a target it is text only."""

    text: str
    target: str


class FieldView:
    """A field as its template wants it. Ids: Django's `<id>_helptext` and `<id>_error`, and `<id>_stored`."""

    def __init__(self, bound: BoundField, *, mark_optional: bool | None = None) -> None:
        self.bound = bound
        self.form = bound.form
        self.dom_id = str(bound.field.widget.attrs.get("id") or bound.auto_id)
        self._mark_optional = mark_optional

    @cached_property
    def kind(self) -> str:
        """Which component draws it: radios, checkboxes, checkbox, textarea, select, file, password, group or input."""
        return _kind(self.bound.field.widget)

    @property
    def label(self) -> str:
        """The label, with "(optional)" unless the field is required, a single tick box, or the form says otherwise."""
        mark = self._mark_optional if self._mark_optional is not None else getattr(self.form, "mark_optional", True)
        optional = mark and not self.bound.field.required and self.kind not in ("checkbox",)
        return f"{self.bound.label} (optional)" if optional else str(self.bound.label)

    @property
    def hint(self) -> object:
        """The help text; escaped by the template unless it is safe HTML."""
        return self.bound.help_text

    @cached_property
    def errors(self) -> list[str]:
        """Sentences that say what is wrong."""
        return error_sentences(self.bound)

    @property
    def stored(self) -> str | None:
        """What somebody else stored meanwhile, for a form that carries a version; None where there is no conflict."""
        conflicts: dict[str, str] = getattr(self.form, "conflicts", {})
        return conflicts.get(self.bound.name)

    @property
    def difference(self) -> SafeString | None:
        """The difference between what is stored and what was typed, where there is a conflict."""
        found: dict[str, SafeString] = getattr(self.form, "differences", {})
        return found.get(self.bound.name)

    @property
    def counted(self) -> int | None:
        """The greatest length, where the characters left should be counted."""
        return getattr(self.bound.field, "max_length", None) if self.kind == "textarea" else None

    @property
    def described_by(self) -> str:
        """Ids of hint, error and stored text."""
        ids = [str(self.bound.field.widget.attrs.get("aria-describedby") or "")]
        if self.dom_id:
            ids += [f"{self.dom_id}_helptext"] if self.hint else []
            ids += [f"{self.dom_id}_error"] if self.errors else []
            ids += [f"{self.dom_id}_stored"] if self.stored is not None else []
            ids += [f"{self.dom_id}-info"] if self.counted else []
        return " ".join(filter(None, ids))

    @property
    def inline(self) -> bool:
        """Whether few short choices stand side by side."""
        return bool(getattr(self.bound.field, "inline", False))

    @property
    def options(self) -> list[Option]:
        """The choices of radios and tick boxes."""
        return [_option(widget) for widget in self.bound.subwidgets]

    @property
    def control(self) -> SafeString:
        """The control itself, by Django's widget with NHS.UK's classes."""
        own = str(self.bound.field.widget.attrs.get("class") or "")
        base = _CLASSES.get(self.kind, "")
        parts = [base, f"{base}--error" if base and self.errors and self.kind in _WITH_ERROR_CLASS else ""]
        parts += ["nhsuk-js-character-count" if self.counted else "", own]
        if self.kind == "password":
            parts.append("nhsuk-password-input__input nhsuk-js-password-input-input")
        attrs: dict[str, Any] = {"class": " ".join(filter(None, parts))} if any(parts) else {}
        if self.described_by and self.kind != "group":
            attrs["aria-describedby"] = self.described_by
        return self.bound.as_widget(attrs=attrs)


_CLASSES = {
    "input": "nhsuk-input",
    "password": "nhsuk-input",
    "textarea": "nhsuk-textarea",
    "select": "nhsuk-select",
    "file": "nhsuk-file-upload__input",
    "checkbox": "nhsuk-checkboxes__input",
}
_WITH_ERROR_CLASS = frozenset(("input", "password", "textarea", "select"))


def _kind(widget: Widget) -> str:
    # Django's widget for several tick boxes is a kind of radios.
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, ChoiceWidget):
        return "select"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.Textarea):
        return "textarea"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.PasswordInput):
        return "password"
    if isinstance(widget, Input):
        return "input"
    return "group" if widget.use_fieldset else "other"


def _option(widget: BoundWidget) -> Option:
    data = widget.data
    return Option(
        dom_id=str(data["attrs"].get("id", "")),
        name=data["name"],
        value=str(data["value"]),
        label=data["label"],
        hint=str(getattr(data["label"], "hint", "")),
        checked=bool(data["selected"]),
        disabled=bool(data["attrs"].get("disabled")),
    )


def error_sentences(bound: BoundField) -> list[str]:
    """Give a field's errors, with Django's "This field is required." in words that name the field."""
    label = str(bound.label)
    return [missing_sentence(bound.field, label) if error == STOCK_REQUIRED else str(error) for error in bound.errors]


def summary_errors(form: BaseForm) -> list[SummaryError]:
    """Give the lines of the error summary: those of the whole form first, then by field in the form's order."""
    if not form.is_bound or not form.errors:
        return []
    found = [SummaryError(str(error), "") for error in form.non_field_errors()]
    for bound in form:
        target = "" if bound.is_hidden else _first_control(bound)
        found += [SummaryError(error, target) for error in error_sentences(bound)]
    return found


def _first_control(bound: BoundField) -> str:
    view = FieldView(bound)
    if view.kind in ("radios", "checkboxes"):
        options = view.options
        return options[0].dom_id if options else ""
    if view.kind == "group":
        return f"{view.dom_id}_0" if view.dom_id else ""
    return view.dom_id

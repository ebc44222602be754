"""Forms whose errors are sentences for a person, and a form that notices that somebody else was quicker.

    class ReasonForm(Form):
        reason = TextField(label="Reason", max_length=2000)
        decided_on = DateField(label="Date of the decision")
        missing = {"reason": "Enter the reason for this grade"}

What is not said in `missing` is made from the label: "Enter the reason", "Choose the grade".
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorList
from django.utils.choices import flatten_choices
from django.utils.safestring import SafeString

from eds.ui import richtext
from eds.ui.differences import difference
from eds.ui.rich_field import RichField
from eds.ui.text import MONTHS, uk_date

CONFLICT = (
    "Somebody changed this since you opened it. Your text is kept below, with what is stored now under each field that "
    "differs, and the difference. Put together what should stay, then send it again."
)


STOCK_REQUIRED = forms.Field.default_error_messages["required"]
"""Django's words for any empty field; translated when they are read, so not before the applications are ready."""


class _Label(str):
    """A choice's label with a hint under it."""

    __slots__ = ("hint",)
    hint: str


def choice(value: object, label: str, hint: str = "") -> tuple[str, str]:
    """Give a pair for `choices`, with words that stand under the label."""
    words = _Label(label)
    words.hint = hint
    return str(value), words


class GradeLike(Protocol):
    """What a grade must have to be chosen: the frameworks' Grade has it."""

    code: Any
    name: Any


def grade_choices(grades: Iterable[GradeLike], hints: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Give choices for grades: code, name, and a hint by code (by default the grade's `meaning`, if it has one)."""
    return [
        choice(grade.code, str(grade.name), hints.get(grade.code, "") if hints else str(getattr(grade, "meaning", "")))
        for grade in grades
    ]


class RadioField(forms.ChoiceField):
    """One of a few choices, as radios. `inline=True` puts two short ones side by side."""

    widget = forms.RadioSelect

    def __init__(self, *, choices: Any = (), inline: bool = False, **kwargs: Any) -> None:
        super().__init__(choices=choices, **kwargs)
        self.inline = inline


class GradeField(RadioField):
    """Chooses one of `grades` by its code; the cleaned value is the grade itself. Set `grades` in the form's __init__.

    `extra` are choices beside the grades ("not enough evidence to judge"); their cleaned value is their text.
    """

    def __init__(
        self, *, grades: Sequence[GradeLike] = (), extra: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.extra = tuple(extra)
        self.grades = grades

    @property
    def grades(self) -> Sequence[GradeLike]:
        """The grades to choose from."""
        return self._grades

    @grades.setter
    def grades(self, grades: Iterable[GradeLike]) -> None:
        self._grades = tuple(grades)
        self.choices = [*grade_choices(self._grades), *self.extra]

    def clean(self, value: Any) -> Any:
        """Give the grade with this code, the extra choice's text, or None where nothing was chosen."""
        code = super().clean(value)
        if not code:
            return None
        return next((grade for grade in self._grades if str(grade.code) == code), code)

    def prepare_value(self, value: Any) -> Any:
        """Take a grade or its code as the initial value."""
        return getattr(value, "code", value)


LONGEST = 50_000


class TextField(forms.CharField):
    """Text of several lines. Line ends are stored as one character whatever the browser sent, so lengths agree.

    Without a `max_length` of its own it takes what a person may type, and no book (LONGEST characters).
    """

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "cols": None}))
        super().__init__(**kwargs)
        self.widget.attrs.pop("cols", None)

    def to_python(self, value: Any) -> str:
        """Give the text without spaces around it and with plain line ends."""
        return str(super().to_python(value)).replace("\r\n", "\n").replace("\r", "\n")

    def validate(self, value: Any) -> None:
        """Refuse a text that is longer than LONGEST, where the field has no limit of its own."""
        super().validate(value)
        if self.max_length is None and len(value) > LONGEST:
            figures = {"limit_value": LONGEST, "show_value": len(value)}
            raise ValidationError(self.error_messages["max_length"], code="max_length", params=figures)


class DateField(forms.DateField):
    """A date in one text box: "28 February 2027", "28/2/2027" or "2027-02-28". What was typed is shown again."""

    widget = forms.TextInput
    default_error_messages = {"unreal": "There is no such date."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, 28 February 2027")
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "nhsuk-input--width-20", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a date in words; text as it was typed."""
        return uk_date(value) if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else value

    def to_python(self, value: Any) -> dt.date | None:
        """Read a date. Raises ValidationError, code "invalid" for other text, "unreal" for 30 February."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        numbers = _day_month_year(str(value))
        if numbers is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        day, month, year = numbers
        try:
            return dt.date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["unreal"], code="unreal") from error


def _day_month_year(typed: str) -> tuple[int, int, int] | None:
    words = " ".join(typed.split())
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words):
        return int(iso[3]), int(iso[2]), int(iso[1])
    if figures := re.fullmatch(r"(\d{1,2}) ?[/.\- ] ?(\d{1,2}) ?[/.\- ] ?(\d{4})", words):
        return int(figures[1]), int(figures[2]), int(figures[3])
    if spelt := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)? ?(?:of )?([a-z]{3,9})\.?,? ?(\d{4})", words, re.IGNORECASE):
        name = spelt[2].lower()
        for number, month in enumerate(MONTHS, start=1):
            if month.lower().startswith(name) or (name == "sept" and number == 9):
                return int(spelt[1]), number, int(spelt[3])
    return None


class PlainErrors(ErrorList):
    """Errors in NHS.UK's markup, where a page draws them by themselves."""

    template_name = "ui/components/errors.html"


class Form(forms.Form):
    """A form in plain words. Browsers check nothing, so that the server's sentences are what people read.

    `missing` holds, by field, the sentence for an empty one. `mark_optional = False` leaves out "(optional)".
    """

    error_css_class = "nhsuk-form-group--error"
    use_required_attribute = False
    mark_optional = True
    missing: ClassVar[Mapping[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        kwargs.setdefault("error_class", PlainErrors)
        super().__init__(*args, **kwargs)
        for bound in self:
            _use_sentences(bound.field, str(bound.label), self.missing.get(bound.name, ""))

    def add_field(self, name: str, field: forms.Field, missing: str = "") -> None:
        """Add a field that is made with the form, such as one of a row; its errors are sentences too."""
        self.fields[name] = field
        _use_sentences(field, str(self[name].label), missing or self.missing.get(name, ""))


def _use_sentences(field: forms.Field, label: str, missing: str) -> None:
    """Replace Django's stock messages by sentences that name the field; those a field brought itself stay."""
    if missing or _is_stock(field, "required"):
        field.error_messages["required"] = missing or missing_sentence(field, label)
    for code, sentence in _sentences(field, label).items():
        if _is_stock(field, code):
            field.error_messages[code] = sentence
    # A browser cuts off a pasted text at maxlength without a word.
    field.widget.attrs.pop("maxlength", None)


def _is_stock(field: forms.Field, code: str) -> bool:
    stock = next(
        (cls.__dict__["default_error_messages"][code] for cls in type(field).__mro__
         if code in cls.__dict__.get("default_error_messages", {})),
        None,
    )  # fmt: skip
    return field.error_messages.get(code) == stock


def _sentences(field: forms.Field, label: str) -> dict[str, str]:
    # Messages that come with figures are %-formatted, the others are not.
    name = label.replace("%", "%%")
    found = {"invalid_choice": f"{name}: choose one of the answers on the page"}
    if isinstance(field, forms.FileField):
        return {"empty": f"{label}: the file is empty. Choose another"}
    if isinstance(field, forms.CharField):
        found["max_length"] = f"{name} must be %(limit_value)d characters or fewer. It has %(show_value)d now"
        found["min_length"] = f"{name} must be at least %(limit_value)d characters. It has %(show_value)d now"
    if isinstance(field, forms.EmailField):
        found["invalid"] = f"{name} must be an e-mail address, like name@example.org"
    elif isinstance(field, forms.URLField):
        found["invalid"] = f"{name} must be a web address, like https://www.example.org"
    elif isinstance(field, forms.FloatField | forms.DecimalField):
        found["invalid"] = f"{label} must be a number, like 12.5"
    elif isinstance(field, forms.IntegerField):
        found["invalid"] = f"{label} must be a whole number, like 12"
    elif isinstance(field, forms.DateField):
        found["invalid"] = f"{label} must be a day, month and year, like 28 February 2027"
        found["unreal"] = f"{label} must be a date that exists"
    if isinstance(field, forms.IntegerField):
        found["max_value"] = f"{name} must be %(limit_value)s or less"
        found["min_value"] = f"{name} must be %(limit_value)s or more"
    return found


def missing_sentence(field: forms.Field, label: str) -> str:
    """Make the sentence for an empty field from its label: "Enter the reason", "Choose your grade"."""
    words = label[:1].lower() + label[1:] if label[1:2].islower() else label
    words = re.sub(r"^(my|our)\b", "your", words)
    if isinstance(field, forms.BooleanField):
        return f"Tick the box: {label}"
    if label.endswith("?"):
        return f"Answer: {label}"
    verb = "Choose" if isinstance(field, forms.ChoiceField | forms.FileField) else "Enter"
    article = "" if re.match(r"(the|a|an|your|how|what|who|which|why|when|where)\b", words) else "the "
    return f"{verb} {article}{words}"


class _VersionField(forms.CharField):
    """Carries the version out and back. What is drawn is always the current one, whatever was sent."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)
        self.offered = ""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return self.offered


class VersionedForm(Form):
    """A form for one object that others may change meanwhile. It carries the version that its reader saw.

    `current_version` is a short text for the stored state (a number, a time, a hash). `current_text` gives, by field,
    what is stored, in words as a person reads them. If the version that comes back is another one, the form is not
    valid; the page then shows what is stored beside what was typed (`conflicts`), and takes it at the second try.
    """

    version = _VersionField()

    def __init__(
        self,
        *args: Any,
        current_version: object,
        current_text: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.current_version = str(current_version)
        self.current_text = dict(current_text or {})
        self.conflicts: dict[str, str] = {}
        self.differences: dict[str, SafeString] = {}
        field = self.fields["version"]
        if not isinstance(field, _VersionField):
            raise TypeError("A form that carries a version must not replace its field `version`.")
        field.offered = self.current_version
        field.initial = self.current_version

    def full_clean(self) -> None:
        """Check the fields, then the version, also where a form's own clean() forgets to call this one's."""
        super().full_clean()
        if not self.is_bound or self["version"].data == self.current_version:
            return
        for name, text in self.current_text.items():
            stored = richtext.to_text(text) if isinstance(self.fields[name], RichField) else text
            typed = _typed_words(self, name)
            if _plain(stored) != _plain(typed):
                self.conflicts[name] = stored
                self.differences[name] = difference(stored, typed)
        self.add_error(None, ValidationError(CONFLICT, code="version"))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _typed_words(form: forms.Form, name: str) -> str:
    """What was typed or chosen in a field, as a person reads it."""
    bound = form[name]
    value = form.cleaned_data.get(name, bound.data)
    if isinstance(value, dt.date):
        return uk_date(value)
    if isinstance(bound.field, forms.ChoiceField):
        chosen = {str(each) for each in (bound.data if isinstance(bound.data, list) else [bound.data])}
        choices: Any = bound.field.choices
        pairs: Any = flatten_choices(choices)
        return ", ".join(str(words) for key, words in pairs if str(key) in chosen)
    if isinstance(bound.field, RichField):
        return richtext.to_text(str(form.cleaned_data.get(name, "")))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(value)

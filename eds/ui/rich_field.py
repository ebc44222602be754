"""The form field of rich text: an editor where scripts run, else a text box with simple marks."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.templatetags.static import static
from django.utils.html import format_html

from eds.ui import richtext

HINT = format_html(
    "<noscript>{}</noscript>",
    "Leave an empty line between paragraphs. Begin the lines of a list with “- ” or “1. ”, a heading with “# ”. "
    "Write a table as lines like “| Group | Number |”.",
)
"""How to type rich text; where scripts run, the editor's buttons say it."""


_ENDS = re.compile(r"</?(?:p|div|li|h[1-6]|br|tr|td|th|blockquote)\b[^<>]{0,2000}>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_EMPTY_LINES = re.compile(r"\n{3,}")


class Typed(NamedTuple):
    """What a browser sent: HTML of the editor, or text with marks."""

    text: str
    is_html: bool

    def html(self) -> str:
        """Give the rich text that was typed. Raises richtext.Unreadable."""
        return richtext.clean(self.text) if self.is_html else richtext.from_marks(self.text)

    def marks(self) -> str:
        """Give it as it is typed without scripts. Raises richtext.Unreadable."""
        return richtext.to_marks(self.text) if self.is_html else self.text


class RichTextarea(forms.Textarea):
    """A text box that holds simple marks; `static/ui/editor.js` puts an editor in its place, if scripts run."""

    template_name = "ui/widgets/rich.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Give what was sent, with how it was typed."""
        text = data.get(name)
        return None if text is None else Typed(str(text), data.get(f"{name}__format") == "html")

    def format_value(self, value: Any) -> str:
        """Give the text for the box: never HTML."""
        return _forms_of(value)[0]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the HTML that the editor starts from, and where the editor is."""
        context = super().get_context(name, value, attrs)
        marks, html = _forms_of(value)
        context["widget"] |= {"value": marks, "html": html, "editor": static("django_prose_editor/editor.js")}
        return context


def _forms_of(value: Any) -> tuple[str, str]:
    try:
        if isinstance(value, Typed):
            html = value.html()
            return value.marks(), html
        html = richtext.clean(value or "")
        return richtext.to_marks(html), html
    except richtext.Unreadable:
        # The sentence beside the field says what happened. Nothing typed is lost: its words come back, without their looks.
        words = _bare_words(value)
        return words, richtext.from_plain(words)


def _bare_words(value: Any) -> str:
    """Give the words of what cannot be read as rich text, in time that grows with their number alone."""
    text = value.text if isinstance(value, Typed) else str(value or "")
    if isinstance(value, Typed) and not value.is_html:
        return text
    return _EMPTY_LINES.sub("\n\n", unescape(_TAG.sub("", _ENDS.sub("\n\n", text)))).strip()


class RichField(forms.CharField):
    """Rich text; the cleaned value is HTML in its stored form, "" where there are no words."""

    widget = RichTextarea

    def __init__(self, *, rows: int = 10, **kwargs: Any) -> None:
        kwargs.setdefault("widget", RichTextarea(attrs={"rows": rows}))
        super().__init__(**kwargs)
        self.widget.attrs.pop("cols", None)

    def to_python(self, value: Any) -> str:
        """Give the stored form. Raises ValidationError for what is too long or cannot be read."""
        if value in self.empty_values:
            return ""
        try:
            html = value.html() if isinstance(value, Typed) else richtext.clean(str(value))
        except richtext.Unreadable as error:
            raise ValidationError(self._too_long(), code="too_long") from error
        if len(html) > richtext.LONGEST:
            raise ValidationError(self._too_long(), code="too_long")
        return html if richtext.words(html) or richtext.to_text(html).strip() else ""

    def _too_long(self) -> str:
        return (
            f"{self.label} is too long, or was copied from a program that hides too much in it. Shorten it to "
            f"{richtext.LONGEST // 3000} pages or fewer, or add the rest as a file"
        )

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compare what was typed with what is stored, whichever way it was typed."""
        try:
            typed = data.html() if isinstance(data, Typed) else data
        except richtext.Unreadable:
            return True
        return (initial or "") != (typed or "")

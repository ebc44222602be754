"""Component tags, known to every template without {% load %}: NHS.UK frontend's markup from plain values.

Words and state
    {% grade_tag grade %}                       word, shape and colour; None gives "Not graded"; a name or dict will do
    {% status_tag "Late" "red" %}               a coloured tag
    {% uk_date value %}  {{ value|uk_date }}    28 February 2027; a datetime adds "at 5.30pm"
    {% lines text %}     {{ text|lines }}       plain text as paragraphs and lists
    {{ text|shortened:60 }}                     on one line, cut after a whole word
    {% progress 7 11 "outcomes graded" %}       a bar with its numbers in words
    {% bar 3 9 %}                               a bar without words, to stand beside its number in a table
    {% phase_bar steps %}                       list of PhaseStep

    {% explain "panel" "quorum" %}              terms of the glossary, explained in place; each once on a page

Page parts
    {% breadcrumbs "Home" "/" "Assessments" url %}
    {% task_list items %}                       list of TaskItem
    {% summary_list rows %}                     list of SummaryRow
    {% inset %}...{% endinset %}
    {% warning "Important" %}...{% endwarning %}        level=3 changes the heading's level (2)
    {% details "Summary" %}...{% enddetails %}          opened=True shows it open
    {% card "Heading" %}...{% endcard %}                level=3, url=address makes the heading a link
    {% pagination page_obj %}                   previous and next, keeping the query

Forms (inside <form method="post" novalidate> with {% csrf_token %})
    {% error_summary form %}                    above the h1 or at the top of the content
    {% form_fields form %}                      all fields, hidden ones too
    {% form_field form.reason %}                one field; then also {% hidden_fields form %}
    {% submit "Submit my grade" %}              secondary=True, warning=True, name=, value=
    {% button_link "Start" url %}               secondary=True
    {% unsaved_offer form %}                    above a form that eds.ui.unsaved looks after
    {% unsaved_fields form %}                   inside it
    {% rich version 4 %}                        rich or plain text, its headings from level 4

Tables
    {% data_table "Caption" head rows %}        head: texts or Column; rows: lists of values, first the row's header

    Where cells need markup, write the table. On a phone {% th %} writes the column's name into the cell,
    and site.js gives the parts the roles that some browsers forget when cells are stacked:
        <table class="nhsuk-table nhsuk-table--responsive">
          <caption class="nhsuk-table__caption">…</caption>
          <thead class="nhsuk-table__head"><tr class="nhsuk-table__row">
            <th class="nhsuk-table__header" scope="col">Outcome</th> …
          </tr></thead>
          <tbody class="nhsuk-table__body"><tr class="nhsuk-table__row">
            <th class="nhsuk-table__header" scope="row">{% th "Outcome" %}1A</th>
            <td class="nhsuk-table__cell">{% th "Grade" %}{% grade_tag grade %}</td>
          </tr></tbody>
        </table>
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from eds.ui import glossary, richtext, text, unsaved
from eds.ui.components import Column, PhaseStep, SummaryRow, TaskItem
from eds.ui.fields import FieldView, summary_errors

register = template.Library()

_CIRCLE = '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="2"/>'
_SHAPES = {
    "red": _CIRCLE,
    "amber": _CIRCLE + '<path d="M8 1.5a6.5 6.5 0 0 0 0 13z" fill="currentColor"/>',
    "green": '<circle cx="8" cy="8" r="7.5" fill="currentColor"/>',
    "purple": '<path d="m8 .5 2.2 5 5.5.5-4.2 3.6 1.3 5.4L8 12.2 3.2 15l1.3-5.4L.3 6l5.5-.5z" fill="currentColor"/>',
    "grey": '<path d="M2 8h12" stroke="currentColor" stroke-width="2"/>',
}
_COLOUR_OF_NAME = {"undeveloped": "red", "developing": "amber", "achieving": "green", "excelling": "purple"}
_COLOURS = {"yellow": "amber", "orange": "amber"}
_TAG_COLOURS = frozenset(["white", "grey", "green", "aqua-green", "blue", "purple", "pink", "red", "orange", "yellow"])


@register.simple_tag
def grade_tag(grade: Any) -> SafeString:
    """Draw a grade: an object or dict with `name` and `colour`, or the bare name. None is "Not graded"."""
    name, colour = _grade_words(grade)
    if colour not in _SHAPES:
        colour = "grey"
    return format_html(
        '<strong class="nhsuk-tag eds-grade eds-grade--{}"><svg class="eds-grade__shape" viewBox="0 0 16 16" '
        'width="16" height="16" focusable="false" aria-hidden="true">{}</svg>{}</strong>',
        colour,
        mark_safe(_SHAPES[colour]),  # noqa: S308 - our own constant
        name,
    )


def _grade_words(grade: Any) -> tuple[str, str]:
    if not grade:
        return "Not graded", "grey"
    if isinstance(grade, str):
        name, colour = grade, ""
    elif isinstance(grade, Mapping):
        name, colour = str(grade["name"]), str(grade.get("colour") or "")
    else:
        name, colour = str(grade.name), str(grade.colour or "")
    colour = colour.lower() or _COLOUR_OF_NAME.get(name.split(" ")[0].lower(), "")
    return name, _COLOURS.get(colour, colour)


@register.simple_tag
def status_tag(words: str, colour: str = "") -> SafeString:
    """Draw a tag. Colours: NHS.UK's, and "amber" for orange; none gives the plain tag."""
    colour = "orange" if colour == "amber" else colour
    if colour not in _TAG_COLOURS:
        return format_html('<strong class="nhsuk-tag">{}</strong>', words)
    return format_html('<strong class="nhsuk-tag nhsuk-tag--{}">{}</strong>', colour, words)


@register.simple_tag(name="uk_date")
def uk_date_tag(value: dt.date | str | None) -> str:
    """Write a date or a moment in words; see eds.ui.text.uk_date."""
    return text.uk_date(value)


@register.simple_tag(name="lines")
def lines_tag(value: str | None) -> SafeString:
    """Draw plain text as paragraphs and lists; see eds.ui.text.lines."""
    return text.lines(value)


register.filter("uk_date", text.uk_date)
register.filter("lines", text.lines)
register.filter("shortened", text.shortened)


@register.inclusion_tag("ui/components/explain.html", takes_context=True)
def explain(context: Context, *keys: str) -> dict[str, Any]:
    """Explain terms of the glossary in words that open in place; a term that the page explained before is left out.

    Raises LookupError where the glossary does not have a term.
    """
    request = context.get("request")
    explained: set[str] = getattr(request, "eds_explained", set())
    found = [glossary.term(key) for key in dict.fromkeys(keys) if key not in explained]
    if request is not None:
        request.eds_explained = explained | set(keys)
    names = [each.term if each.term[1:2].isupper() else each.term[:1].lower() + each.term[1:] for each in found]
    listed = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    return {
        "terms": found,
        "summary": f"What {'do' if len(names) > 1 else 'does'} {listed} mean?",
        "more_url": _glossary_url(),
    }


def _glossary_url() -> str:
    try:
        return reverse("glossary")
    except (
        NoReverseMatch
    ):  # an application that draws our pages without having them all, such as the tests of this room
        return ""


@register.inclusion_tag("ui/components/progress.html")
def progress(done: int, total: int, words: str) -> dict[str, Any]:
    """Draw a progress bar with its numbers: "7 of 11 outcomes graded"."""
    return {"done": done, "total": total, "words": words}


@register.simple_tag
def bar(value: float, maximum: float) -> SafeString:
    """Draw a bar for the eyes only; the number must stand beside it as text."""
    width = round(100 * value / maximum, 1) if maximum else 0
    return format_html(
        '<svg class="eds-bar" viewBox="0 0 100 10" preserveAspectRatio="none" focusable="false" aria-hidden="true">'
        '<rect class="eds-bar__track" width="100" height="10"/>'
        '<rect class="eds-bar__value" width="{}" height="10"/></svg>',
        min(100, width),
    )


@register.inclusion_tag("ui/components/phase_bar.html")
def phase_bar(steps: Sequence[PhaseStep], label: str = "Phases") -> dict[str, Any]:
    """Draw the phases in order, with dates; which is current is said in words too."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("ui/components/breadcrumbs.html")
def breadcrumbs(*words_and_urls: str) -> dict[str, Any]:
    """Draw breadcrumbs from pairs of words and address. Raises TemplateSyntaxError when one is without its pair."""
    if len(words_and_urls) % 2:
        raise template.TemplateSyntaxError("breadcrumbs takes pairs of words and address.")
    return {"items": list(zip(words_and_urls[::2], words_and_urls[1::2], strict=True))}


@register.inclusion_tag("ui/components/task_list.html")
def task_list(items: Iterable[TaskItem], prefix: str = "task") -> dict[str, Any]:
    """Draw a task list. Give lists that repeat each other's rows on one page a different prefix."""
    rows = [(_dom_id(prefix, index, item.title, item.url or ""), item) for index, item in enumerate(items)]
    return {"rows": rows}


def _dom_id(prefix: str, *parts: object) -> str:
    # Not a running number: two pages that differ by a row would otherwise differ in every id after it.
    return f"{prefix}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:10]}"


@register.inclusion_tag("ui/components/summary_list.html")
def summary_list(rows: Sequence[SummaryRow]) -> dict[str, Any]:
    """Draw a summary list; a value that is safe HTML is kept, other values are escaped."""
    return {"rows": rows, "with_actions": any(row.actions for row in rows)}


@register.inclusion_tag("ui/components/table.html")
def data_table(
    caption: str, head: Iterable[str | Column], rows: Iterable[Sequence[object]], caption_hidden: bool = False
) -> dict[str, Any]:
    """Draw a responsive table; the first cell of a row is its header."""
    columns = [Column(each) if isinstance(each, str) else each for each in head]
    body = [list(zip(columns, row, strict=True)) for row in rows]
    return {"caption": caption, "columns": columns, "rows": body, "caption_hidden": caption_hidden}


@register.simple_tag
def th(column: str) -> SafeString:
    """Write a column's name into a cell of a responsive table, for narrow screens only."""
    return format_html('<span class="nhsuk-table__heading" aria-hidden="true">{} </span>', column)


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Draw an inset text."""
    return format_html(
        '<div class="nhsuk-inset-text"><span class="nhsuk-u-visually-hidden">Information: </span>{}</div>', content
    )


@register.simple_block_tag
def warning(content: str, heading: str = "Important", level: int = 2) -> SafeString:
    """Draw a warning callout with its heading."""
    return format_html(
        '<div class="nhsuk-card nhsuk-card--warning"><div class="nhsuk-card__content">'
        '<h{0} class="nhsuk-card__heading">{1}</h{0}>{2}</div></div>',
        level,
        heading,
        content,
    )


@register.simple_block_tag
def details(content: str, summary: str, opened: bool = False) -> SafeString:
    """Draw words that open in place."""
    return format_html(
        '<details class="nhsuk-details"{}><summary class="nhsuk-details__summary">'
        '<span class="nhsuk-details__summary-text">{}</span></summary>'
        '<div class="nhsuk-details__text">{}</div></details>',
        SafeString(" open") if opened else "",
        summary,
        content,
    )


@register.simple_block_tag
def card(content: str, heading: str, level: int = 2, url: str = "") -> SafeString:
    """Draw a card; with an address its heading is the link and the whole card may be pressed."""
    title = format_html('<a class="nhsuk-card__link" href="{}">{}</a>', url, heading) if url else heading
    return format_html(
        '<div class="nhsuk-card{3}"><div class="nhsuk-card__content">'
        '<h{0} class="nhsuk-card__heading nhsuk-heading-m">{1}</h{0}>{2}</div></div>',
        level,
        title,
        content,
        " nhsuk-card--clickable" if url else "",
    )


@register.simple_block_tag
def page_heading(content: str) -> SafeString:
    """Put words into the page's h1; markup that brings its own h1 is kept, and nothing stays nothing."""
    words = mark_safe(content.strip())  # noqa: S308 - the template engine has escaped it
    if not words or "<h1" in words:
        return words
    return format_html('<h1 class="nhsuk-heading-l">{}</h1>', words)


@register.simple_tag
def button_link(words: str, url: str, secondary: bool = False) -> SafeString:
    """Draw a link that looks like a button, for going somewhere (not for changing something)."""
    return format_html(
        '<a class="nhsuk-button{}" data-module="nhsuk-button" href="{}" role="button" draggable="false">{}</a>',
        " nhsuk-button--secondary" if secondary else "",
        url,
        words,
    )


@register.simple_tag
def submit(words: str, secondary: bool = False, warning: bool = False, name: str = "", value: str = "") -> SafeString:
    """Draw a form's button; a second press within a second is ignored where scripts run."""
    kind = " nhsuk-button--warning" if warning else " nhsuk-button--secondary" if secondary else ""
    sent = format_html(' name="{}" value="{}"', name, value) if name else ""
    return format_html(
        '<button class="nhsuk-button{}" data-module="nhsuk-button" data-prevent-double-click="true" '
        'type="submit"{}>{}</button>',
        kind,
        sent,
        words,
    )


@register.inclusion_tag("ui/components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page) -> dict[str, Any]:
    """Draw links to the previous and the next page of a list, keeping the rest of the query."""
    query = context["request"].GET.copy()

    def address(number: int) -> str:
        query["page"] = str(number)
        return "?" + query.urlencode()

    return {
        "page": page,
        "previous": address(page.previous_page_number()) if page.has_previous() else "",
        "next": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(form: BaseForm | None) -> dict[str, Any]:
    """Draw what is wrong with a sent form, each line a link to its field. Nothing where nothing is wrong."""
    return {"errors": summary_errors(form) if form else []}


@register.inclusion_tag("ui/components/form_fields.html")
def form_fields(form: BaseForm, mark_optional: bool | None = None) -> dict[str, Any]:
    """Draw all fields of any Django form; `mark_optional=False` leaves out "(optional)", as a search form wants."""
    views = [FieldView(bound, mark_optional=mark_optional) for bound in form.visible_fields()]
    return {"hidden": form.hidden_fields(), "fields": views}


@register.inclusion_tag("ui/components/field.html")
def form_field(bound: BoundField, mark_optional: bool | None = None) -> dict[str, Any]:
    """Draw one field of any Django form with label, hint and error."""
    return {"field": FieldView(bound, mark_optional=mark_optional)}


@register.inclusion_tag("ui/components/form_fields.html")
def hidden_fields(form: BaseForm) -> dict[str, Any]:
    """Draw the hidden fields, for a form whose visible ones are drawn one by one."""
    return {"hidden": form.hidden_fields(), "fields": []}


@register.simple_tag
def rich(written: Any, level: int = 3) -> SafeString:
    """Draw the text of something written: rich text with its largest headings at a level, plain text as it always was.

    `written` has `text` and `format`, or is HTML itself.
    """
    if isinstance(written, str):
        return richtext.render(written, level)
    return richtext.render(written.text, level) if written.format == "html" else text.lines(written.text)


@register.inclusion_tag("ui/components/unsaved_offer.html", takes_context=True)
def unsaved_offer(context: Context, form: BaseForm) -> dict[str, Any]:
    """Draw, outside the form, that there is unsaved text: use it, or discard it. Nothing where there is none."""
    offer = getattr(form, "unsaved", None)
    preview = unsaved.preview(form, offer.text) if offer and not offer.used else []
    return {"offer": offer, "preview": preview, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/components/unsaved_fields.html")
def unsaved_fields(form: BaseForm) -> dict[str, Any]:
    """Draw, inside the form, what lets its text be kept, and the line that says when it was saved."""
    return {"typed_by": getattr(form, "typed_by", ""), "revision": getattr(form, "draft_revision", 0)}

"""Texts that were typed and not sent: drafts, and what arrived after the log-in had run out.

A view asks twice, after it has fetched its object with the right and made its form:

    if kept := unsaved.answer(request, form):
        return kept                     # a draft was saved, discarded or asked for
    …
    unsaved.forget(request)             # when the form's verb has done its work

A draft goes to the form's own address, so who may not open the form can neither write nor read one (R3).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import BaseForm, ChoiceField
from django.forms.widgets import FileInput
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict, UnreadablePostError
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from eds.ui.models import UnsavedText
from eds.ui.rich_field import Typed
from eds.ui.text import clock

SAVE, DISCARD, USE = "save_draft", "discard_draft", "draft"
TYPED_BY, REVISION = "typed_by", "draft_revision"
COOKIE = "eds_unsaved"
OURS = frozenset([SAVE, DISCARD, TYPED_BY, REVISION, "csrfmiddlewaretoken"])
_LONGEST_PLACE = 300


@dataclass
class Offer:
    """What a page says about an unsaved text. `used`: the form is filled with it. `ran_out`: typed after the log-in."""

    text: UnsavedText
    used: bool
    ran_out: bool

    @property
    def at(self) -> str:
        """Give when it was saved: "14:02", with the day if that was not today."""
        return clock(self.text.saved_at)


# For views


def answer(request: HttpRequest, form: BaseForm, *, drafts: bool = True) -> HttpResponse | None:
    """Save or discard a draft if that was asked for; else offer what is kept, and give None so that the view goes on.

    With `drafts=False` the view keeps drafts itself. The form is left `unsaved` (an Offer or None) and
    `draft_revision`, which the tags `unsaved_offer` and `unsaved_fields` draw.
    """
    form.typed_by = stamp(request)  # type: ignore[attr-defined]
    kept, ran_out = _kept(request)
    form.draft_revision = kept.revision if kept else 0  # type: ignore[attr-defined]
    form.unsaved = None  # type: ignore[attr-defined]
    if request.method == "POST":
        if DISCARD in request.POST:
            forget(request)
            messages.success(request, "The unsaved text is discarded.")
            return redirect(request.path)
        if SAVE in request.POST and drafts:
            return _save(request, form)
        return None
    if ran_out is not None:
        _fill(form, ran_out)
        form.unsaved = Offer(ran_out, used=True, ran_out=True)  # type: ignore[attr-defined]
    elif kept is not None:
        used = request.GET.get(USE) == "use"
        if used:
            _fill(form, kept)
        form.unsaved = Offer(kept, used=used, ran_out=False)  # type: ignore[attr-defined]
    return None


def forget(request: HttpRequest) -> None:
    """Delete what was kept for this form: it was sent, or is not wanted."""
    _mine(request).filter(browser__in=["", _browser(request)]).delete()


def saved(**more: object) -> JsonResponse:
    """Answer the page that saved a draft by itself: the words for its line, and what its form carries from now on."""
    return JsonResponse({"words": f"Saved at {clock(timezone.now())}", **more})


def not_saved(form: BaseForm) -> JsonResponse:
    """Answer the page that could not save a draft by itself, with the form's own sentences."""
    sentences = [str(error) for errors in form.errors.values() for error in errors]
    words = "Not saved: your text is still here. " + " ".join(sentences)
    return JsonResponse({"words": words.strip()}, status=409)


def _mine(request: HttpRequest) -> Any:
    return UnsavedText.objects.filter(user_id=_user_pk(request), place=request.path[:_LONGEST_PLACE])


def _user_pk(request: HttpRequest) -> int:
    if request.user.pk is None:
        raise PermissionDenied
    return int(request.user.pk)


def _kept(request: HttpRequest) -> tuple[UnsavedText | None, UnsavedText | None]:
    """Give the draft and what was typed when the log-in ran out, in one query."""
    browser = _browser(request)
    since = timezone.now() - dt.timedelta(hours=settings.EDS_DRAFT_HOURS)
    found = {
        each.browser: each
        for each in _mine(request).filter(browser__in=["", browser], saved_at__gte=since)
        if not each.browser or each.saved_at >= _ran_out_since()
    }
    return found.get(""), found.get(browser) if browser else None


def _ran_out_since() -> dt.datetime:
    return timezone.now() - dt.timedelta(hours=settings.EDS_LOGGED_OUT_TEXT_HOURS)


def _save(request: HttpRequest, form: BaseForm) -> HttpResponse | None:
    by_itself = request.POST.get(SAVE) == "auto"
    fields = _fields(request)
    if fields is None:
        sentence = "Not saved: the text is too long for a draft. It is still here."
        return _no(request, form, sentence, by_itself, 413)
    draft, is_ours = _write(request, fields)
    if not is_ours:
        form.draft_revision = draft.revision  # type: ignore[attr-defined]
        form.unsaved = Offer(draft, used=False, ran_out=False)  # type: ignore[attr-defined]
        sentence = (
            f"Not saved: another window of yours saved a different text at {clock(draft.saved_at)}. "
            "Your text is still here."
        )
        return _no(request, form, sentence, by_itself, 409)
    if by_itself:
        return saved(**{REVISION: draft.revision})
    messages.success(request, f"Your draft is saved, at {clock(draft.saved_at)}. Only you can see it.")
    return redirect(f"{request.path}?{USE}=use")


def _write(request: HttpRequest, fields: dict[str, list[str]]) -> tuple[UnsavedText, bool]:
    """Write the draft unless another window wrote another one since; gives what is stored, and whether it is ours."""
    place = request.path[:_LONGEST_PLACE]
    with transaction.atomic():
        draft, made = UnsavedText.objects.select_for_update().get_or_create(
            user_id=_user_pk(request),
            place=place,
            browser="",
            defaults={"fields": fields, "saved_at": timezone.now()},
        )
        if made or draft.fields == fields:
            return draft, True
        if request.POST.get(REVISION, "") != str(draft.revision):
            return draft, False
        draft.fields, draft.revision, draft.saved_at = fields, draft.revision + 1, timezone.now()
        draft.save()
    return draft, True


def _no(request: HttpRequest, form: BaseForm, sentence: str, by_itself: bool, status: int) -> HttpResponse | None:
    if by_itself:
        return JsonResponse({"words": sentence}, status=status)
    form.full_clean()
    form.add_error(None, sentence)
    form.not_sent = True  # type: ignore[attr-defined]
    return None


def _fields(request: HttpRequest) -> dict[str, list[str]] | None:
    """Give what was typed, without tokens and buttons; None where it is more than is kept."""
    found = {name: values for name, values in request.POST.lists() if name not in OURS}
    size = sum(len(name) + sum(map(len, values)) for name, values in found.items())
    return found if size <= settings.EDS_DRAFT_CHARACTERS else None


def _fill(form: BaseForm, kept: UnsavedText) -> None:
    """Show a form with the kept values, and the version that they were typed upon, so that a conflict is noticed."""
    data = QueryDict(mutable=True)
    for name, values in kept.fields.items():
        data.setlist(name, values)
    for name, field in form.fields.items():
        if not isinstance(field.widget, FileInput):
            form.initial[name] = field.widget.value_from_datadict(data, {}, form.add_prefix(name))


def preview(form: BaseForm, kept: UnsavedText) -> list[tuple[str, str]]:
    """Give the labels and words of a kept text, for reading."""
    data = QueryDict(mutable=True)
    for name, values in kept.fields.items():
        data.setlist(name, values)
    found = []
    for name, field in form.fields.items():
        if field.widget.is_hidden or isinstance(field.widget, FileInput):
            continue
        value = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        words = field.widget.format_value(value) if isinstance(value, Typed) else value
        if isinstance(words, str) and words.strip() and not isinstance(field, ChoiceField):
            found.append((str(field.label or name.replace("_", " ").capitalize()), words))
    return found


# What arrives after the log-in ran out


def stamp(request: HttpRequest, place: str = "") -> str:
    """Give the mark that a form carries: who opened it, at which address, signed. Worthless for any other form.

    A form that stands on another page than its own names the address that it is sent to.
    """
    return _signer(place or request.path).sign(str(request.user.public_id))  # type: ignore[union-attr]


def opened_by(request: HttpRequest) -> str:
    """Give the public id of who opened the form that was sent, or "" where the mark is not ours."""
    try:
        return _signer(request.path).unsign(request.POST.get(TYPED_BY, ""))
    except (signing.BadSignature, UnreadablePostError):
        return ""


def owner_of(request: HttpRequest) -> int | None:
    """Give the primary key of the person who opened the form that was sent, if its mark is genuine."""
    public_id = opened_by(request)
    if not public_id:
        return None
    return get_user_model().objects.filter(public_id=public_id, is_active=True).values_list("pk", flat=True).first()


def _signer(path: str) -> signing.Signer:
    return signing.Signer(salt=f"eds.ui.unsaved:{path}")


def _browser(request: HttpRequest) -> str:
    cookie = request.COOKIES.get(COOKIE, "")
    return hashlib.sha256(cookie.encode()).hexdigest() if cookie else ""


def keep_for_later(request: HttpRequest, response: HttpResponseBase, owner_pk: int | None) -> bool:
    """Keep what was typed for the person who had opened the form, for this browser only. Gives whether it was kept."""
    fields = _fields(request)
    if owner_pk is None or fields is None or len(request.path) > _LONGEST_PLACE:
        return False
    cookie = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(32)
    UnsavedText.objects.update_or_create(
        user_id=owner_pk,
        place=request.path,
        browser=hashlib.sha256(cookie.encode()).hexdigest(),
        defaults={"fields": fields, "saved_at": timezone.now(), "left_out_files": bool(request.FILES)},
    )
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=settings.EDS_LOGGED_OUT_TEXT_HOURS * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return True


def is_to_log_in(response: HttpResponseBase, log_in: str) -> bool:
    """Whether an answer sends somebody to the log-in page."""
    return isinstance(response, HttpResponseRedirect) and response.url.split("?")[0] == log_in


def forget_old() -> int:
    """Delete what is too old; gives how many texts went."""
    now = timezone.now()
    drafts = UnsavedText.objects.filter(saved_at__lt=now - dt.timedelta(hours=settings.EDS_DRAFT_HOURS))
    ran_out = UnsavedText.objects.exclude(browser="").filter(saved_at__lt=_ran_out_since())
    return drafts.delete()[0] + ran_out.delete()[0]

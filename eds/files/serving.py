"""Answers that carry a stored file."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import get_conditional_response

from .domain import open_stored, signed_link
from .models import StoredFile
from .names import content_disposition

INLINE_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg"})
PUBLIC_SECONDS = 300


def file_response(
    stored: StoredFile,
    *,
    as_name: str,
    inline: bool = False,
    public: bool = False,
    request: HttpRequest | None = None,
) -> HttpResponseBase:
    """Give the answer that sends a stored file under the name `as_name`, bit by bit.

    Whether this person may have the file is the caller's job: nothing is checked here. `inline` shows it in the
    browser instead of saving it, and is for PDF, PNG and JPEG only (ValueError). `public` lets caches keep it and gives
    it an ETag; with `request` an unchanged one is answered 304. Raises FileDamaged where the bytes are not the stored
    ones.
    """
    if inline and stored.content_type not in INLINE_TYPES:
        raise ValueError(f"Files of type {stored.content_type} are not shown inside the browser.")
    etag = f'"{stored.sha256}"'
    if public and request is not None:
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is not None:
            unchanged["ETag"] = etag
            unchanged["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
            return unchanged
    if not inline and not public and (link := signed_link(stored, as_name=as_name)):
        return _led_to(link)
    response = FileResponse(open_stored(stored), content_type=stored.content_type)
    response["Content-Length"] = str(stored.size)
    response["Content-Disposition"] = content_disposition(as_name, inline=inline)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if public:
        response["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
        response["ETag"] = etag
    else:
        response["Cache-Control"] = "private, no-store"
    return response


def _led_to(link: str) -> HttpResponseBase:
    response = HttpResponseRedirect(link)
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response

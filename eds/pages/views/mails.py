"""The demo's mails, kept and shown instead of being sent; and mails that could not be sent, for who runs the site."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from eds.access.decide import access_of
from eds.access.table import Deed
from eds.jobs.errors import JobNotFailed
from eds.jobs.models import KeptMail, OutboxMail
from eds.jobs.outbox import send_again
from eds.jobs.queries import worker_is_heard
from eds.pages.mails import failed

A_PAGE = 50
# The HTML of a mail is shown as a mail program would: its own styles, and nothing else, not even this site's cookies.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; "
    "sandbox allow-top-navigation-by-user-activation"
)


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Http404


@never_cache
@require_safe
def demo_mails(request: HttpRequest) -> HttpResponse:
    """The mails that the demo would have sent, newest first."""
    _only_in_the_demo()
    page = Paginator(KeptMail.objects.select_related("outbox").order_by("-pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    waits = OutboxMail.objects.filter(state__in=[OutboxMail.State.QUEUED, OutboxMail.State.SENDING]).exists()
    context = {"page_obj": page, "waits": waits, "worker": worker_is_heard()}
    return render(request, "pages/demo_mails.html", context)


def _kept(mail_id: str) -> KeptMail:
    _only_in_the_demo()
    return get_object_or_404(KeptMail.objects.select_related("outbox"), outbox__public_id=mail_id)


@never_cache
@require_safe
def demo_mail(request: HttpRequest, mail_id: str) -> HttpResponse:
    """One mail as plain text."""
    mail = _kept(mail_id)
    lines = [(line, line if line.startswith(settings.EDS_BASE_URL) else "") for line in mail.text.splitlines()]
    return render(request, "pages/demo_mail.html", {"mail": mail, "lines": lines})


@never_cache
@require_safe
def demo_mail_html(request: HttpRequest, mail_id: str) -> HttpResponse:
    """The HTML part of a mail, shut into a policy of its own."""
    response = HttpResponse(_kept(mail_id).html)
    response["Content-Security-Policy"] = MAIL_POLICY
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_required
@never_cache
@require_safe
def failed_mails(request: HttpRequest) -> HttpResponse:
    """The mails that could not be sent, newest first, with why and to whom."""
    access_of(request).site(Deed.SEE_FAILED_MAILS)
    rows = OutboxMail.objects.filter(state=OutboxMail.State.FAILED).select_related("to").order_by("-pk")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "mails": failed.failed_mails(list(page.object_list))}
    return render(request, "pages/failed_mails.html", context)


@login_required
@require_POST
def send_failed_again(request: HttpRequest, mail_id: str) -> HttpResponse:
    """Send a failed mail again. Whether the person may still have it is asked once more when it goes."""
    access_of(request).site(Deed.SEE_FAILED_MAILS)
    mail = get_object_or_404(OutboxMail, public_id=mail_id, state=OutboxMail.State.FAILED)
    try:
        send_again(mail, actor=request.user)
        messages.success(request, "The mail is waiting to be sent again.")
    except JobNotFailed as no:
        messages.error(request, str(no))
    return redirect("failed-mails")

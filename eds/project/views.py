"""Pages for machines: is it alive, is it ready, what waits."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from . import health


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers. It asks nothing else, so that a database that is away ends no web server."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Say part by part whether this installation is ready: 200 where all is, else 503."""
    found = health.readiness()
    lines = "".join(f"{name}: {why or 'ok'}\n" for name, why in found.items())
    return HttpResponse(lines, content_type="text/plain", status=503 if any(found.values()) else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give numbers of what waits, to whoever sends the key of EDS_METRICS_KEY; without that setting there is no page."""
    asked = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.EDS_METRICS_KEY or not constant_time_compare(asked, settings.EDS_METRICS_KEY):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(health.Waiting())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

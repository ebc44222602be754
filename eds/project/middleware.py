"""What happens around every request: an id and a line for the logs, and no shared caching of private pages."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from eds.ui.request_id import working_as

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
_NOT_LOGGED = ("/healthz", "/readyz", "/metrics")


class RequestIdMiddleware:
    """Gives each request a random id, in the logs and in the answer's X-Request-ID header, and logs how it ended.

    The line holds no query (links that work once carry their key there), no body and no person.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = secrets.token_hex(8)
        request.META["eds.request_id"] = request_id
        began = time.monotonic()
        with working_as(request_id):
            response = self.get_response(request)
            if request.path not in _NOT_LOGGED and not request.path.startswith(settings.STATIC_URL):
                ended = {
                    "method": request.method,
                    "path": request.path,
                    "status": response.status_code,
                    "milliseconds": round(1000 * (time.monotonic() - began)),
                }
                logger.info("%(method)s %(path)s %(status)s in %(milliseconds)s ms", ended, extra=ended)
        response["X-Request-ID"] = request_id
        return response


class PrivatePagesMiddleware:
    """A page made for a signed-in person must not be kept by a browser or proxy for the next one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

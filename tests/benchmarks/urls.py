"""The product's addresses, and one more that the product must not have: so many bytes from memory."""

from __future__ import annotations

from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.urls import path

from eds.project.urls import handler400, handler403, handler404, handler500
from eds.project.urls import urlpatterns as of_the_product

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@lru_cache
def _kept(number: int) -> bytes:
    return b"x" * number


def memory(request: HttpRequest, number: int) -> HttpResponse:
    """Send so many bytes: through the same server and middleware as every page, and nothing else."""
    return HttpResponse(_kept(number), content_type="text/html; charset=utf-8")


urlpatterns = [path("benchmark/bytes/<int:number>", memory), *of_the_product]

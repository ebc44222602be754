"""Pages of eds.ui drawn without a database."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest


@pytest.fixture(autouse=True)
def _plain_static(settings):
    """Static files by their own names: these tests need no collected files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def page_request(rf) -> HttpRequest:
    """A request of somebody who is not signed in."""
    request = rf.get("/somewhere/")
    request.user = AnonymousUser()
    request.csp_nonce = "nonce-of-this-request"
    return request

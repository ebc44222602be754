"""Pages of eds.ui drawn without a database."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from eds.ui import menu


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


@pytest.fixture(autouse=True)
def frame_of_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """This floor knows no room: the menu entries that rooms registered lead to addresses outside these tests."""
    for registry in (menu.menu, menu.footer, menu.organisations):
        monkeypatch.setattr(registry, "entries", [])

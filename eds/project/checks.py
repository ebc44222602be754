"""System checks of an installation, each with an id that docs/operate.md explains."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

OTHERS = {"EDS_MIGRATE_DATABASE_URL", "EDS_TEST_REDIS_URL", "EDS_APP_PASSWORD", "EDS_OWNER_PASSWORD"}
"""Variables that are read by scripts, not by the application."""


@register(Tags.compatibility)
def misspelt(**kwargs: Any) -> list[CheckMessage]:
    """A variable that nobody reads is a setting that somebody thinks is set."""
    return [
        Warning(
            f"{name} is no setting.",
            hint=f"Did you mean {near}?" if near else "docs/operate.md lists the settings.",
            id="eds.W001",
        )
        for name, near in settings.ENVIRONMENT.misspelt(OTHERS).items()
    ]


@register(Tags.security, deploy=True)
def for_many(**kwargs: Any) -> list[CheckMessage]:
    """What is right on one machine and wrong for an organisation."""
    found: list[CheckMessage] = []
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        found.append(
            Warning("The database is SQLite.", hint="Set EDS_DATABASE_URL to a PostgreSQL server.", id="eds.W002")
        )
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        found.append(
            Warning(
                "Messages to workers go through files of this machine.",
                hint="Set EDS_BROKER_URL to a Redis server.",
                id="eds.W003",
            )
        )
    if not settings.EMAIL_HOST and not settings.EDS_MAILS_KEPT:
        found.append(Warning("No mail can be sent.", hint="Set EDS_EMAIL_URL.", id="eds.W004"))
    host = urlsplit(settings.EDS_BASE_URL).hostname or ""
    if host not in settings.ALLOWED_HOSTS:
        found.append(
            Warning(
                "Links in mails lead to a host that this site does not answer to.",
                hint="Let EDS_HOSTS name the host of EDS_BASE_URL.",
                id="eds.W005",
            )
        )
    return found

"""Django's own migrate, which waits for no table longer than a setting says, and leaves no trigger behind."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections
from psycopg2.errors import LockNotAvailable

from eds.history import triggers


class Command(migrate.Command):
    """Migrates with a limit on the time for which it waits for a table, and with it holds up whoever comes after it."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Raises CommandError where a table was in use for longer than EDS_MIGRATE_LOCK_SECONDS."""
        using = options["database"]
        connection = connections[using]
        seconds = settings.EDS_MIGRATE_LOCK_SECONDS
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = %s", [f"{seconds}s"])
        done = False
        try:
            super().handle(*args, **options)
            done = True
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable):
                raise
            raise CommandError(
                f"A table was in use for more than {seconds} seconds, so this migration was not begun and those before "
                "it stand. Nothing is lost. Run migrate again, at a quieter time if need be; what uses a table for long "
                "is shown by the view pg_stat_activity. The setting is EDS_MIGRATE_LOCK_SECONDS."
            ) from error
        finally:
            if connection.vendor == "postgresql" and connection.is_usable():
                with connection.cursor() as cursor:
                    cursor.execute("SET lock_timeout = DEFAULT")
            if not done and connection.is_usable():
                # They were dropped before the migrations, and nobody may work without them meanwhile.
                triggers.create_all(using)

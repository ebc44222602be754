"""Reads a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from eds.project.backup import BackupRefused, check, restore


class Command(BaseCommand):
    """Puts a backup into an empty installation. Run it as the role that migrates."""

    help = "Puts a backup into an empty, migrated installation. Run it as the role that migrates."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the file."""
        parser.add_argument("source", type=Path, help="the tar file that backup wrote")
        parser.add_argument("--check-only", action="store_true", help="read the file whole, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read it, all or nothing."""
        source = options["source"]
        if not source.is_file():
            raise CommandError(f"There is no file {source}.")
        try:
            found = check(source) if options["check_only"] else restore(source)
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        done = "can be restored" if options["check_only"] else "are restored"
        self.stdout.write(f"{found.rows} rows and {found.files} files {done}.")
        if found.damaged:
            self.stdout.write(f"These files were damaged before the backup and are missing: {', '.join(found.damaged)}")

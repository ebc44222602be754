"""Writes a backup."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from eds.project.backup import BackupRefused, backup


class Command(BaseCommand):
    """Writes every row and every file into one tar file, as they stand at one moment; people go on working."""

    help = "Writes every row and every file into one tar file. People go on working meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the name of the file."""
        parser.add_argument("target", type=Path, help="the tar file, which must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it. Ends with 1 where a file's bytes are damaged, which the backup then lacks."""
        try:
            found = backup(options["target"])
        except BackupRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{found.rows} rows and {found.files} files are in {options['target']}.")
        if found.gone:
            self.stdout.write(f"{found.gone} files were destroyed on purpose before; their rows are kept.")
        if found.damaged:
            raise CommandError(
                f"The backup is written, but these files are damaged here and not in it: {', '.join(found.damaged)}.",
                returncode=1,
            )

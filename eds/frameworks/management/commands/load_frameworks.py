"""`manage.py load_frameworks`: bring the editions that come with the software into the database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from eds.frameworks.loader import DATA, load_all
from eds.frameworks.table import EditionError


class Command(BaseCommand):
    """Load every edition; running it again changes nothing."""

    help = "Loads the framework editions. A changed file becomes a new revision; nothing else is touched."

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer another folder, for an edition that does not come with the software."""
        parser.add_argument("--folder", type=Path, default=DATA, help="folder with the editions' files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per edition. Raises CommandError, with nothing written, where a file is wrong."""
        try:
            results = load_all(options["folder"])
        except EditionError as error:
            raise CommandError(error.sentence) from error
        for result in results:
            self.stdout.write(str(result))

"""Loads the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from eds.pages.demo import build


class Command(BaseCommand):
    """Builds the demo's trust, people and assessments, once."""

    help = "Builds the demo, if it is not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        """Build it. Raises CommandError where the demo is not switched on."""
        if not settings.DEMO:
            raise CommandError("The demo is not switched on here (EDS_DEMO).")
        made = build.load()
        self.stdout.write("The demo is loaded." if made else "The demo is there already.")

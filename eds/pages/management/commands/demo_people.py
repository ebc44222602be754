"""Prints who can log in to the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from eds.pages.demo.people import PEOPLE


class Command(BaseCommand):
    """Prints the demo's people and their roles, a line each."""

    help = "Prints who can log in to the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them."""
        width = max(len(person.name) for person in PEOPLE)
        for person in PEOPLE:
            self.stdout.write(f"  {person.name:{width}}  {person.role}")

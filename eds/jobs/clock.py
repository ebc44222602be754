"""One clock for leases: the database's, so that the clocks of two machines cannot disagree about who holds a job."""

from datetime import timedelta

from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now


def from_now(seconds: float) -> ExpressionWrapper:
    """Give the database's time in `seconds` (negative: ago), as an expression for filters and updates."""
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())

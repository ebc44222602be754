"""Forms of the reports room."""

from .details import DetailsForm, EarlierGradesForm, EventForm, StepForm, WordsForm
from .publishing import PublishForm, ReopenForm, SignOffForm

__all__ = [
    "DetailsForm",
    "EarlierGradesForm",
    "EventForm",
    "PublishForm",
    "ReopenForm",
    "SignOffForm",
    "StepForm",
    "WordsForm",
]

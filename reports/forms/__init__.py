"""Forms of the reports room."""

from .checks import AnswerForm
from .details import DetailsForm, EarlierGradesForm, EventForm, StepForm, WordsForm
from .publishing import CloseForm, PublishForm, ReopenForm, SignOffForm

__all__ = [
    "AnswerForm",
    "CloseForm",
    "DetailsForm",
    "EarlierGradesForm",
    "EventForm",
    "PublishForm",
    "ReopenForm",
    "SignOffForm",
    "StepForm",
    "WordsForm",
]

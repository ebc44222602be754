"""Turns a stored payload into what people read: the values for the pages, and the PDF."""

from .pdf import render_pdf
from .shown import shown
from .v1 import report_context

__all__ = ["render_pdf", "report_context", "shown"]

"""Rules about evidence as pure functions."""

from eds.ui.text import word_count

__all__ = ["word_count"]

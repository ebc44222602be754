"""Faults brought about for real, on the processes of a whole installation."""

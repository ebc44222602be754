"""Figures of a version: their numbers, small-number suppression, and how they are drawn."""

"""Equality objectives: what an organisation sets itself for up to four years (R24)."""

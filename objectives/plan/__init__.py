"""The improvement plan of an assessment: what is done next, by whom and when, and whether it was felt (R25)."""

"""What follows from the grades: equality objectives (R24) and the improvement plan (R25)."""

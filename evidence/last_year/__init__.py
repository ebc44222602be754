"""Evidence that an outcome had last year: kept, renewed or dropped, by a decision for each piece (R19)."""

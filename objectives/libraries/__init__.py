"""National plans and sources as data: what they ask for, and which objectives and actions answer it (R26)."""

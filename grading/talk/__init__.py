"""What is said about an outcome: questions about its evidence, and what a panel discusses after the reveal (R3)."""

"""What must not leave the organisation unasked: personal data and small numbers in texts, and people's stories (R15, R16)."""

"""What the public reads of equality objectives: versions that never change, as a page and as a PDF (R20, R24)."""

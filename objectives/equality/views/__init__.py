"""Pages of equality objectives."""

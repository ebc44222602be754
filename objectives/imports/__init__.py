"""Bringing in a plan that exists as a file: read, asked about where it is unclear, and written only when confirmed."""

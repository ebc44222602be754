"""A room for tests only: a table of results without any constraint, and handlers that fill it."""

"""The agreement board: how far apart the sides are on each outcome, the furthest first."""

"""Equality objectives and the improvement plan: the room is kept free for them, and nothing is in it yet."""

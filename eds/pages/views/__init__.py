"""Pages that compose several floors."""

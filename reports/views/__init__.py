"""Views of the reports room, by what they are for."""

"""Rules about evidence as pure functions."""


def word_count(text: str) -> int:
    """Count words as a person would: runs of characters between white space that hold a letter or digit."""
    return sum(1 for word in text.split() if any(character.isalnum() for character in word))

"""Errors that carry words for the person who meets them."""


class DomainError(Exception):
    """A verb said no. `sentence` is for the person on the screen; `field` names the form field it is about, if any."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Stale(DomainError):
    """The thing was changed by somebody else since the form was opened."""


class AppendOnlyError(TypeError):
    """Code tried to change or delete a row that is only ever added."""

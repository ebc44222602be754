"""What can go wrong with a file."""


class WriteOnce(TypeError):
    """Code tried to change or delete a stored file."""


class FileDamaged(Exception):
    """The bytes in the storage are missing, or not those that were stored."""


class UploadRefused(Exception):
    """An uploaded file is not taken; `sentence` says why, to the person who sent it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class StoreUnreachable(ConnectionError):
    """The store of files is away or refuses; nothing was written."""

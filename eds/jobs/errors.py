"""What can go wrong with a job."""


class JobFailed(Exception):
    """Raised by a handler that knows why the work cannot be done; `sentence` is shown to people.

    The job is tried again like after any other error; `final=True` says that trying again cannot help.
    """

    def __init__(self, sentence: str, *, final: bool = False) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.final = final


class JobNotFailed(Exception):
    """Only a failed job can be tried again; `sentence` says what this one is instead."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class LostLease(Exception):
    """Somebody else holds the job now. The handler stops; whatever it made is thrown away."""


class UnknownKind(LookupError):
    """No room registered a handler for this kind of job."""

"""Why a backup is not written or not read, in a sentence for who runs it."""


class BackupRefused(Exception):
    """Nothing was changed; the sentence says why and what to do."""

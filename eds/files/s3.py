"""Files in a store that speaks S3: private, written once, each with a checksum that the store keeps beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from .errors import FileDamaged, StoreUnreachable

_MISSING = {"404", "NoSuchKey", "NotFound"}
_ONE_PIECE = TransferConfig(multipart_threshold=1 << 30)  # a checksum of pieces is not that of the file
_IN_MEMORY = 1 << 22


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise StoreUnreachable("The store of files does not answer.") from error


def _is_missing(error: ClientError) -> bool:
    return error.response["Error"]["Code"] in _MISSING


class PrivateS3Storage(S3Storage):
    """What Django needs of a storage, with errors that say that the store is away. Raises StoreUnreachable."""

    def get_default_settings(self) -> dict[str, Any]:
        """Give settings under which nothing is public and nothing is written over."""
        return {
            **super().get_default_settings(),
            "default_acl": None,  # what a store does with nothing said is private, and some refuse to hear of it
            "file_overwrite": False,
            "querystring_auth": True,
            "signature_version": "s3v4",
            "addressing_style": "path",
            "object_parameters": {"ChecksumAlgorithm": "SHA256"},
            "transfer_config": _ONE_PIECE,
            "max_memory_size": _IN_MEMORY,
            "client_config": Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=3,
                read_timeout=20,
                retries={"mode": "standard", "total_max_attempts": 2},
            ),
        }

    def _save(self, name: str, content: File) -> str:
        with _reaching():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        """Fetch the whole file at once: whoever reads it afterwards does not meet the network any more."""
        with _reaching():
            opened = super()._open(name, mode)
            try:
                opened.open()
            except ClientError as error:
                if _is_missing(error):  # destroyed since
                    raise FileNotFoundError(f"File does not exist: {name}") from error
                raise
            return opened

    def exists(self, name: str) -> bool:
        """Say whether there is such a file."""
        with _reaching():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Take a file away."""
        with _reaching():
            super().delete(name)

    def link(self, name: str, *, sha256: str, size: int, disposition: str, content_type: str) -> str:
        """Give a signed address of a file that works for EDS_S3_LINK_SECONDS.

        Raises FileDamaged where the store holds another file than the one with this hash and size.
        """
        key = self._normalize_name(name)
        with _reaching():
            try:
                kept = self.connection.meta.client.head_object(Bucket=self.bucket_name, Key=key, ChecksumMode="ENABLED")
            except ClientError as error:
                if _is_missing(error):
                    raise FileDamaged(f"The bytes of {name} are missing.") from error
                raise
        checksum = kept.get("ChecksumSHA256")
        if kept["ContentLength"] != size or (checksum and base64.b64decode(checksum).hex() != sha256):
            raise FileDamaged(f"The bytes of {name} are not those that were stored.")
        parameters = {"ResponseContentDisposition": disposition, "ResponseContentType": content_type}
        return str(self.url(name, parameters=parameters))

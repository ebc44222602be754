"""Where files and short-lived values are kept, as Django's settings say it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from eds.project.environment import Environment

_REDIS = ("redis", "rediss")


def cache_beside(broker: str) -> str:
    """Give the address of a cache on the broker's server: its next database, or "" where the broker is no Redis."""
    parts = urlsplit(broker)
    if parts.scheme not in _REDIS:
        return ""
    number = parts.path.strip("/")
    return urlunsplit(parts._replace(path=f"/{int(number) + 1 if number.isdecimal() else 1}"))


def cache(address: str, folder: Path) -> dict[str, Any]:
    """Give a cache in Redis, or without an address in files of this machine."""
    if address:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": address,
            "KEY_PREFIX": "eds",
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
    return {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": folder,
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }


def files(environment: Environment) -> dict[str, Any]:
    """Give the storage of files: this machine's disk, or a store that speaks S3."""
    bucket = environment.text("EDS_S3_BUCKET")
    options = {
        "bucket_name": bucket,
        "endpoint_url": environment.address("EDS_S3_ENDPOINT", "", ["http", "https"]) or None,
        "region_name": environment.text("EDS_S3_REGION") or None,
        "access_key": environment.text("EDS_S3_ACCESS_KEY") or None,
        "secret_key": environment.text("EDS_S3_SECRET_KEY") or None,
        "location": environment.text("EDS_S3_FOLDER"),
        "querystring_expire": environment.number("EDS_S3_LINK_SECONDS", 60, least=5, most=3600),
    }
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    if bool(options["access_key"]) != bool(options["secret_key"]):
        environment.refuse("EDS_S3_ACCESS_KEY", "and EDS_S3_SECRET_KEY belong together: set both or neither.")
    return {"BACKEND": "eds.files.s3.PrivateS3Storage", "OPTIONS": options}

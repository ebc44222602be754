"""A store that speaks S3, over HTTP, and the settings with which this application keeps its files there."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import requests
from moto.server import ThreadedMotoServer

from eds.project.environment import Environment
from eds.project.storages import files

BUCKET = "eds-files"


@dataclass(frozen=True)
class Store:
    """Its address, a client that asks it as its owner would, and the settings for the application."""

    address: str
    client: Any

    @property
    def environment(self) -> dict[str, str]:
        """The variables that name it."""
        return {
            "EDS_S3_BUCKET": BUCKET,
            "EDS_S3_ENDPOINT": self.address,
            "EDS_S3_REGION": "eu-west-2",
            "EDS_S3_ACCESS_KEY": "access-key",
            "EDS_S3_SECRET_KEY": "secret-key",
            "EDS_S3_FOLDER": "trust",
        }

    @property
    def backend(self) -> dict[str, Any]:
        """What the settings make of these variables."""
        environment = Environment(self.environment)
        found = files(environment)
        environment.finish()
        return found

    def names(self) -> set[str]:
        """The names of all that is kept there."""
        return {each["Key"] for each in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])}

    def bytes_of(self, name: str) -> bytes:
        """What is kept under a name."""
        found: bytes = self.client.get_object(Bucket=BUCKET, Key=name)["Body"].read()
        return found


@contextmanager
def store_server() -> Iterator[Store]:
    """Run a store with one empty bucket as long as the block lasts."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        requests.post(
            f"{address}/moto-api/reset", timeout=10
        )  # what it holds belongs to the process, not to the server
        client = boto3.client(
            "s3",
            endpoint_url=address,
            aws_access_key_id="owner",
            aws_secret_access_key="owner",
            region_name="eu-west-2",
        )
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        yield Store(address, client)
    finally:
        server.stop()

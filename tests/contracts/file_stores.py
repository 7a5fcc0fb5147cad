"""A bucket on a server of this machine that speaks S3; one server for all tests of a process."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

from moto.server import ThreadedMotoServer

from totetaxi_adapters.files.s3 import S3FileStore
from totetaxi_adapters.files.storage_url import S3Place
from totetaxi_adapters.setting_values import Secret

REGION = "us-east-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalS3:
    """`url` is where it listens, on loopback."""

    url: str

    def make_bucket(self, name: str) -> None:
        asked = Request(f"{self.url}/{name}", method="PUT")  # noqa: S310  loopback
        with urlopen(asked) as answer:  # noqa: S310
            assert answer.status == 200

    def store(self, bucket: str, *, prefix: str = "") -> S3FileStore:
        return S3FileStore(
            S3Place(bucket=bucket, prefix=prefix, endpoint=self.url),
            bucket="unused",
            region=REGION,
            key_id=Secret("AKIAEXAMPLE"),
            secret=Secret("a secret of the tests"),
        )

    def keys(self, bucket: str) -> list[str]:
        """Return the keys of every object in a bucket."""
        with urlopen(f"{self.url}/moto-api/data.json") as answer:  # noqa: S310
            kept: dict[str, Any] = json.load(answer)
        return sorted(one["name"] for one in kept["s3"]["FakeKey"] if one["bucket_name"] == bucket)


@contextmanager
def local_s3() -> Iterator[LocalS3]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        _, port = server.get_host_and_port()
        yield LocalS3(url=f"http://127.0.0.1:{port}")
    finally:
        server.stop()

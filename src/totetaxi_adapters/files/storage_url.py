"""What STORAGE_URL says: a folder, or a bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

SHAPE: Final = "must be file:///folder or s3://bucket/prefix?region=…&endpoint=…"
OPTIONS: Final = frozenset({"region", "endpoint"})


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Place:
    """A bucket and the beginning of its keys; what is None is for other settings to say."""

    bucket: str | None
    prefix: str = ""
    region: str | None = None
    endpoint: str | None = None


def read_storage_url(url: str) -> Path | S3Place:
    """Return the folder or the place on S3.

    Raises:
        ValueError: it is neither; the text says what it must be, and shows nothing of it.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ValueError(SHAPE) from None
    if parts.fragment or "@" in parts.netloc:
        raise ValueError(f"{SHAPE}, without keys: those are AWS_ACCESS_KEY_ID's")
    if parts.scheme == "file":
        return _folder(parts)
    if parts.scheme == "s3":
        return _place(parts)
    raise ValueError(SHAPE)


def _folder(parts: SplitResult) -> Path:
    path = unquote(parts.path)
    if parts.netloc not in ("", "localhost") or parts.query or len(path) < len("/x"):
        raise ValueError(SHAPE)
    return Path(path)


def _place(parts: SplitResult) -> S3Place:
    try:
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError:
        raise ValueError(SHAPE) from None
    given = dict(pairs)
    if len(given) != len(pairs) or not given.keys() <= OPTIONS or "" in given.values():
        raise ValueError(SHAPE)
    return S3Place(
        bucket=parts.netloc or None,
        prefix=parts.path.strip("/"),
        region=given.get("region"),
        endpoint=_endpoint(given),
    )


def _endpoint(given: Mapping[str, str]) -> str | None:
    endpoint = given.get("endpoint")
    if endpoint is not None and not endpoint.startswith(("https://", "http://")):
        raise ValueError("its endpoint must begin https:// or http://")
    return endpoint

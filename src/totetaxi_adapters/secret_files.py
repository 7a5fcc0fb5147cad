"""Secrets that lie in files, as Docker and Kubernetes hand them over."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

SUFFIX: Final = "_FILE"


def read_secret_files(
    environ: Mapping[str, str], names: Iterable[str]
) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the environment with each `NAME_FILE` read into its `NAME`, and what went wrong.

    The second one says by variable why it cannot be; an empty variable counts as absent.
    """
    read, problems = dict(environ), dict[str, str]()
    for name in names:
        pointer = name + SUFFIX
        if not environ.get(pointer, "").strip():
            continue
        if environ.get(name, "").strip():
            problems[pointer] = f"must not be set together with {name}"
            continue
        try:
            read[name] = _content(Path(environ[pointer].strip()))
        except (OSError, ValueError) as error:
            problems[pointer] = f"names a file that cannot be used: {_why(error)}"
    return read, problems


def _content(file: Path) -> str:
    content = file.read_text(encoding="utf-8").strip()
    if not content:
        raise ValueError("it is empty")
    return content


def _why(error: OSError | ValueError) -> str:
    """Return why, without a byte of what the file holds."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not text"
    return (isinstance(error, OSError) and error.strerror) or str(error)

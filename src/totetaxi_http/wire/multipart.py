"""Bodies of `multipart/form-data` with one file: as strict as those of JSON."""

import re
from collections.abc import Iterator
from typing import Any, Final, TypeVar

import attrs
from litestar import Request
from litestar.exceptions import HTTPException
from multipart import (  # type: ignore[import-untyped]
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
)

from totetaxi_core.refusal import FieldFault, InvalidInputError, faults_of
from totetaxi_http.wire.dto import UnsupportedMediaTypeError
from totetaxi_http.wire.faults import BODY
from totetaxi_http.wire.structuring import structure_query

MULTIPART: Final = "multipart/form-data"
FILE: Final = "file"
ENVELOPE_BYTES: Final = 16 * 1_024
"""What a body may have besides its file."""
LONGEST_NAME: Final = 64
_MOST_PARTS: Final = 20
_BOUNDARY: Final = re.compile(r';\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_TOO_LARGE: Final = 413

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class SentFile:
    """A file, with the name and the type its sender gave it: neither is to be trusted."""

    file_name: str
    content_type: str | None
    content: bytes


@attrs.frozen(kw_only=True)
class _Part:
    name: str
    file_name: str | None
    content_type: str | None
    content: bytes


class FormTooLargeError(Exception):
    """The body is larger than its route takes."""


async def read_form(request: Request[Any, Any, Any], kind: type[T]) -> tuple[T, SentFile]:
    """Return the text fields as an instance of the attrs class `kind`, and the one `file`.

    Raises:
        UnsupportedMediaTypeError: it is not multipart/form-data.
        FormTooLargeError: it has more bytes than the handler takes.
        InvalidInputError: fields are missing, unknown, repeated or bad; all are named.
    """
    boundary = _boundary_of(request.headers.get("content-type", ""))
    try:
        body = await request.body()
    except HTTPException as error:
        if error.status_code == _TOO_LARGE:
            raise FormTooLargeError from error
        raise
    return _structured(list(_parts(body, boundary)), kind)


def _boundary_of(content_type: str) -> str:
    if content_type.partition(";")[0].strip().lower() != MULTIPART:
        raise UnsupportedMediaTypeError(detail=f"The body must be {MULTIPART}.")
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise InvalidInputError((_not_multipart("must name its boundary"),))
    return found[1] or found[2]


def _parts(body: bytes, boundary: str) -> Iterator[_Part]:
    """Yield each part.

    Raises:
        InvalidInputError: the body is not what its content type says.
    """
    try:
        with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS, strict=True) as parser:
            yield from _segments(parser.parse(body))
    except (MultipartError, UnicodeError) as error:
        raise InvalidInputError((_not_multipart("must be valid multipart/form-data"),)) from error


def _segments(events: Iterator[Any]) -> Iterator[_Part]:
    segment: MultipartSegment | None = None
    pieces: list[bytes] = []
    for event in events:
        if isinstance(event, MultipartSegment):
            segment, pieces = event, []
        elif event:
            pieces.append(event)
        elif segment is not None:
            yield _Part(
                name=segment.name,
                file_name=segment.filename,
                content_type=segment.content_type,
                content=b"".join(pieces),
            )


def _structured(parts: list[_Part], kind: type[T]) -> tuple[T, SentFile]:
    files = [part for part in parts if part.name == FILE]
    texts = [part for part in parts if part.name != FILE]
    faults = [*_file_faults(files), *_text_faults(texts)]
    pairs = [(part.name, part.content.decode(errors="replace")) for part in texts]
    made: list[T] = []
    faults += faults_of(lambda: made.append(structure_query(pairs, kind, listed=frozenset())))
    if faults:
        raise InvalidInputError(faults)
    [sent] = files
    return made[0], SentFile(
        file_name=sent.file_name or "", content_type=sent.content_type, content=sent.content
    )


def _file_faults(files: list[_Part]) -> Iterator[FieldFault]:
    if not files:
        yield FieldFault(field=FILE, code="missing", message="is required")
    elif len(files) > 1:
        yield FieldFault(field=FILE, code="repeated", message="is given twice")
    elif files[0].file_name is None:
        yield FieldFault(field=FILE, code="wrong_type", message="must be a file, with its name")


def _text_faults(texts: list[_Part]) -> Iterator[FieldFault]:
    for part in texts:
        field = part.name[:LONGEST_NAME]
        if part.file_name is not None:
            yield FieldFault(field=field, code="wrong_type", message="must be text, not a file")
        try:
            part.content.decode()
        except UnicodeDecodeError:
            yield FieldFault(field=field, code="not_unicode", message="must be UTF-8 text")


def _not_multipart(message: str) -> FieldFault:
    return FieldFault(field=BODY, code="not_multipart", message=message)

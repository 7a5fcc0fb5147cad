"""What a file is, by its content alone: one of five types, or refused."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from totetaxi_core.refusal import DomainError

HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})
HEIF_BRANDS: Final = frozenset({b"mif1", b"msf1"})  # of AVIF too
PDF_HEAD: Final = b"%PDF-"
PDF_REACH: Final = 1_024  # within so many bytes readers accept the head, and look for the end
ZIP_END: Final = b"PK\x05\x06"
ZIP_END_BYTES: Final = 22
ZIP_REACH: Final = 65_535 + ZIP_END_BYTES
# Of a page, in small letters. Four letters alone would be in one picture of 10 MiB in fifty, by
# chance; and a picture may have a DOCTYPE of its own, as Photoshop's settings for a printer.
MARKUP: Final = re.compile(
    rb"<(?:!doctype\s+html|(?:html|script|iframe)[\s/>]|svg[\s/>][\s!-~]{4}|\?php\s)"
)
LONGEST_SAID: Final = 100
MOST_PARTS: Final = 20_000  # a picture of 10 MiB has far fewer: a hostile one is not walked through


class UnsupportedFileTypeError(DomainError):
    """It is none of the types we take, or also something else."""

    code = "unsupported_file_type"
    field = "file"

    def __init__(self, said: str | None = None) -> None:
        came = f"; it came as {said[:LONGEST_SAID]}" if said else ""
        super().__init__(f"must be a JPEG, PNG, WebP, HEIC or PDF file and nothing else{came}")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    """Of its `suffixes`, with their dot and in lower case, the first is the usual one."""

    content_type: str
    suffixes: tuple[str, ...]


JPEG: Final = FileType(content_type="image/jpeg", suffixes=(".jpg", ".jpeg", ".jpe", ".jfif"))
PNG: Final = FileType(content_type="image/png", suffixes=(".png",))
WEBP: Final = FileType(content_type="image/webp", suffixes=(".webp",))
HEIC: Final = FileType(content_type="image/heic", suffixes=(".heic", ".heif"))
PDF: Final = FileType(content_type="application/pdf", suffixes=(".pdf",))


def file_type_of(content: bytes, *, said: str | None = None) -> FileType:
    """Return the type; `said` is what the sender called it, for the refusal alone.

    Raises:
        UnsupportedFileTypeError: none of ours, cut short, or a second file rides in it.
    """
    found = next((kind for kind, is_kind in CHECKS.items() if is_kind(content)), None)
    if found is None or _is_zip(content) or (found is not PDF and _is_active(content)):
        raise UnsupportedFileTypeError(said)
    return found


def _is_active(content: bytes) -> bool:
    """Tell whether something in an image could be read as a page, a script or a PDF."""
    if PDF_HEAD in content[: PDF_REACH + len(PDF_HEAD)]:
        return True
    return MARKUP.search(content.lower()) is not None


def _is_zip(content: bytes) -> bool:
    """Tell whether an archive ends where the file does: readers of those look from the end."""
    tail = content[-ZIP_REACH:]
    at = tail.rfind(ZIP_END)
    while at >= 0:
        comment_bytes = int.from_bytes(tail[at + 20 : at + ZIP_END_BYTES], "little")
        if at + ZIP_END_BYTES + comment_bytes == len(tail):
            return True
        at = tail.rfind(ZIP_END, 0, at)
    return False


def _is_jpeg(content: bytes) -> bool:
    """Cameras put more behind the end of the picture: what follows it is not looked at here."""
    return (
        content.startswith(b"\xff\xd8\xff") and content[3:4] >= b"\xc0" and b"\xff\xd9" in content
    )


def _is_png(content: bytes) -> bool:
    if not content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"):
        return False
    return list(_png_chunks(content))[-1:] == [(b"IEND", len(content))]


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, int]]:
    at = 8
    for _ in range(MOST_PARTS):
        if at + 12 > len(content):
            return
        name = content[at + 4 : at + 8]
        at += 12 + int.from_bytes(content[at : at + 4], "big")
        yield name, at
        if name == b"IEND":
            return


def _is_webp(content: bytes) -> bool:
    is_riff = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    return is_riff and content[12:15] == b"VP8" and _riff_end(content) == len(content)


def _riff_end(content: bytes) -> int:
    size = int.from_bytes(content[4:8], "little")
    return 8 + size + size % 2


def _is_heic(content: bytes) -> bool:
    if content[4:8] != b"ftyp":
        return False
    boxes = list(_boxes(content))
    if not boxes or boxes[-1][1] != len(content) or all(name != b"meta" for name, _ in boxes):
        return False
    major, *others = (content[at : at + 4] for at in (8, *range(16, boxes[0][1], 4)))
    return major in HEIC_BRANDS or (major in HEIF_BRANDS and not HEIC_BRANDS.isdisjoint(others))


def _boxes(content: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the name and the end of each box at the top; an end may lie beyond the content."""
    at = 0
    for _ in range(MOST_PARTS):
        if at + 8 > len(content):
            return
        size, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        elif size == 0:
            size = len(content) - at
        if size < 8:  # noqa: PLR2004  a box has its size and its name at least
            return
        at += size
        yield name, at


def _is_pdf(content: bytes) -> bool:
    return content.startswith(PDF_HEAD) and b"%%EOF" in content[-PDF_REACH:]


CHECKS: Final[Mapping[FileType, Callable[[bytes], bool]]] = {
    JPEG: _is_jpeg,
    PNG: _is_png,
    WEBP: _is_webp,
    HEIC: _is_heic,
    PDF: _is_pdf,
}

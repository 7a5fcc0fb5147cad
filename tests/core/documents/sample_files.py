"""Small files that are what they say: made byte by byte, so that each can be spoiled."""

import zlib


def a_png(*, tail: bytes = b"", text: bytes = b"") -> bytes:
    """A picture of one pixel; `text` rides in a chunk of its own."""
    header = _chunk(b"IHDR", b"\0\0\0\1\0\0\0\1\x08\0\0\0\0")
    said = _chunk(b"tEXt", b"Comment\0" + text) if text else b""
    data = _chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + said + data + _chunk(b"IEND", b"") + tail


def a_jpeg(*, comment: bytes = b"", tail: bytes = b"") -> bytes:
    said = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    return b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0" + said + b"\xff\xd9" + tail


def a_webp(*, tail: bytes = b"") -> bytes:
    data = b"VP8L" + (5).to_bytes(4, "little") + b"\x2f\0\0\0\0\0"
    return b"RIFF" + (4 + len(data)).to_bytes(4, "little") + b"WEBP" + data + tail


def a_heic(*, brand: bytes = b"heic", others: bytes = b"mif1heic", tail: bytes = b"") -> bytes:
    return _box(b"ftyp", brand + b"\0\0\0\0" + others) + _box(b"meta", b"\0\0\0\0") + tail


def a_pdf(*, body: bytes = b"", tail: bytes = b"") -> bytes:
    return b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n" + body + b"\n%%EOF\n" + tail


def a_zip() -> bytes:
    """An archive with nothing in it."""
    return b"PK\x05\x06" + bytes(18)


def _chunk(name: bytes, data: bytes) -> bytes:
    check = zlib.crc32(name + data).to_bytes(4, "big")
    return len(data).to_bytes(4, "big") + name + data + check


def _box(name: bytes, data: bytes) -> bytes:
    return (8 + len(data)).to_bytes(4, "big") + name + data

"""Photos and signatures: real pictures, drawn from their ids."""

import struct
import zlib
from hashlib import sha256
from typing import Final, Literal

from totetaxi_adapters.sandbox.onfleet.ids import new_upload_id
from totetaxi_adapters.sandbox.onfleet.organization import Organization

KIND: Final = "upload"
SIZES: Final = {"photo": (320, 240), "signature": (282, 100)}
INK: Final = b"\x10\x18\x40"
PAPER: Final = b"\xff\xff\xff"


async def new_proof(organization: Organization, what: Literal["photo", "signature"]) -> str:
    upload_id = new_upload_id()
    await organization.add(KIND, {"id": upload_id, "what": what})
    return upload_id


async def read_proof(organization: Organization, upload_id: str) -> bytes:
    """Return a PNG.

    Raises:
        OnfleetRefusal: nothing was uploaded under this id.
    """
    upload = await organization.find(KIND, upload_id)
    width, height = SIZES[upload["what"]]
    digest = sha256(upload_id.encode()).digest()
    draw = _photo_row if upload["what"] == "photo" else _signature_row
    rows = b"".join(b"\0" + draw(digest, row, width, height) for row in range(height))
    return _png(width, height, rows)


def _photo_row(digest: bytes, row: int, width: int, height: int) -> bytes:
    """Draw boxes on a floor below a wall; the id tells the colors."""
    wall, floor, box = (bytes(digest[at : at + 3]) for at in (0, 3, 6))
    ground = wall if row < height * 2 // 3 else floor
    if not height // 3 <= row < height * 5 // 6:
        return ground * width
    side, boxes = width // 4, width // 2
    return ground * side + box * boxes + ground * (width - side - boxes)


def _signature_row(digest: bytes, row: int, width: int, height: int) -> bytes:
    """Draw a line that goes up and down as the id tells."""
    step = width // len(digest) + 1
    points = [digest[column // step] * (height - 20) // 255 + 10 for column in range(width)]
    near = 2
    return b"".join(INK if abs(point - row) < near else PAPER for point in points)


def _png(width: int, height: int, rows: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + check

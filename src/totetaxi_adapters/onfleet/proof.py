"""Photos and signatures, from where Onfleet keeps them."""

from typing import Final
from urllib.parse import quote

from totetaxi_adapters.onfleet.connection import OnfleetConnection
from totetaxi_adapters.onfleet.failures import ErrorAnswer, refusal_of
from totetaxi_core.logistics.courier_gateway import (
    CourierTaskNotFoundError,
    CourierUnavailableError,
    ProofFile,
)

# Their own, as they once told it; they have announced that it may change.
UPLOAD_URL: Final = "https://d15p8tr8p0vffz.cloudfront.net/{upload_id}/{size}.png"
UPLOAD_ID: Final = "{upload_id}"
SIZE: Final = "{size}"
PHOTO, SIGNATURE = "800x", "282x"
LARGEST_BYTES: Final = 20 * 1_024 * 1_024
MISSING: Final = (403, 404, 410)  # a bucket says 403 of what is not there


async def read_proof(connection: OnfleetConnection, template: str, upload_id: str) -> ProofFile:
    """Return the picture: in a photo's size, else in a signature's.

    Raises:
        CourierTaskNotFoundError: there is none, or not yet.
    """
    address = template.replace(UPLOAD_ID, quote(upload_id, safe="*~"))
    sizes = (PHOTO, SIGNATURE) if SIZE in address else ("",)
    for size in sizes:
        answer = await connection.read(address.replace(SIZE, size))
        if answer.is_success:
            return _picture(answer.content, answer.headers.get("Content-Type", ""), upload_id)
        if answer.status_code not in MISSING:
            raise refusal_of(ErrorAnswer(status=answer.status_code, is_theirs=False))
    raise CourierTaskNotFoundError(f"there is no upload {upload_id}")


def _picture(content: bytes, content_type: str, upload_id: str) -> ProofFile:
    kind = content_type.partition(";")[0].strip().lower()
    if not kind.startswith("image/") or len(content) > LARGEST_BYTES or not content:
        said = f"upload {upload_id} is {len(content)} bytes of {kind or 'nothing known'}"
        raise CourierUnavailableError(said)
    return ProofFile(content=content, content_type=kind)

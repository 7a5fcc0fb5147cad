"""Keep what the driver took at the door: photos and the signature, each once."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from totetaxi_core.documents.document import COURIER, DocumentKind, PersonErasedError
from totetaxi_core.documents.keep_document import keep_document
from totetaxi_core.logistics.courier_gateway import CourierTaskNotFoundError
from totetaxi_core.logistics.courier_task import CourierTask
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError

PATIENCE: Final = timedelta(days=1)


class ProofGoneError(DomainError):
    """The courier names a photo or signature that it does not give, a day after."""

    code = "proof_gone"


async def keep_proof(task_id: UUID, upload_id: str, ports: Ports, *, owed_at: datetime) -> None:
    """Fetch a photo or signature of a task's end and keep it as a document of its booking.

    Raises:
        CourierTaskNotFoundError: the courier has it not yet, or we have no such task.
        ProofGoneError: nor a day after `owed_at`.
        CourierUnavailableError, CourierMisconfiguredError: the courier gave no answer.
        FileTooLargeError, UnsupportedFileTypeError: it is no picture that we keep.
        FileStoreUnavailableError: the store did not answer.
    """
    async with ports.unit_of_work() as uow:
        task = await uow.courier_tasks.get(task_id)
    file_name = _file_name(task, upload_id)
    if file_name is None:
        return  # its person was erased since, and what was taken at the door with it
    try:
        proof = await ports.couriers.read_proof(upload_id)
    except CourierTaskNotFoundError as error:
        if ports.clock() < owed_at + PATIENCE:
            raise
        raise ProofGoneError(str(error)) from error
    with suppress(PersonErasedError):  # it was while the courier answered
        await keep_document(
            task.booking_id,
            DocumentKind.PROOF_OF_DELIVERY,
            proof.content,
            ports,
            content_type=proof.content_type,
            file_name=file_name,
            uploaded_by=COURIER,
        )


def _file_name(task: CourierTask, upload_id: str) -> str | None:
    """Return what the file is to be called, None of what the task names no more."""
    if upload_id == task.signature_id:
        return f"{task.leg}-signature"
    if upload_id not in task.photo_ids:
        return None
    return f"{task.leg}-photo-{task.photo_ids.index(upload_id) + 1}"

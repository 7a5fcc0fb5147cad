"""Remove what uploads left behind that never came to their end."""

from datetime import datetime
from uuid import UUID

from totetaxi_core.documents.document import DocumentNotFoundError
from totetaxi_core.documents.file_removal import UPLOAD_MAY_LAST, owe_removal
from totetaxi_core.ports import Ports


async def sweep_uploads(ports: Ports, *, limit: int) -> int:
    """Remove at most `limit` documents that are pending for an hour; return how many went."""
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        found = await uow.documents.pending(until=now - UPLOAD_MAY_LAST, limit=limit)
    return sum([await _sweep(document_id, ports, at=now) for document_id in found])


async def _sweep(document_id: UUID, ports: Ports, *, at: datetime) -> bool:
    async with ports.unit_of_work() as uow:
        try:
            document = await uow.documents.get(document_id, lock=True)
        except DocumentNotFoundError:
            return False  # its customer was forgotten meanwhile, and its file with them
        if document.stored_at is not None or document.removed_at is not None:
            return False
        await uow.documents.save(document.removed(at=at))
        await owe_removal(document, uow, ports.ids, at=at)
        await uow.commit()
    return True

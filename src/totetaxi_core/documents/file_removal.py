"""Owe that the file of a document goes, in the transaction that removes the document."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from totetaxi_core.documents.document import Document
from totetaxi_core.ids import IdSource
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.outbox.owing import owed
from totetaxi_core.unit_of_work import UnitOfWork

UPLOAD_MAY_LAST: Final = timedelta(hours=1)
"""A file that was never said to be kept may still arrive for so long."""


async def owe_removal(document: Document, uow: UnitOfWork, ids: IdSource, *, at: datetime) -> None:
    """Owe it now; where its upload may still be under way, only once that must be over."""
    effect = owed(
        ids,
        EffectKind.REMOVE_FILE,
        document.storage_key,
        at=at,
        payload={
            "storage_key": document.storage_key,
            "booking_id": str(document.booking_id),
        },
    )
    if document.stored_at is None:
        effect = replace(effect, due_at=max(at, document.created_at + UPLOAD_MAY_LAST))
    await uow.outbox.owe(effect)

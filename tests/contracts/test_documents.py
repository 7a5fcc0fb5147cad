from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, an_id
from tests.contracts.conftest import UowFactory
from tests.contracts.storing import store_booking
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.documents.document import Document, DocumentKind, DocumentNotFoundError
from totetaxi_core.documents.keep_document import storage_key


def a_document(booking: Booking, *, minute: int = 0, digest: str = "0") -> Document:
    document_id = an_id()
    return Document(
        id=document_id,
        booking_id=booking.id,
        kind=DocumentKind.FLOOR_PLAN,
        file_name="Küche.pdf",
        content_type="application/pdf",
        size_bytes=10_485_760,
        sha256=digest * 64,
        storage_key=storage_key(document_id),
        uploaded_by="guest",
        created_at=NOW + timedelta(minutes=minute),
    )


async def store(uow_factory: UowFactory, *documents: Document) -> None:
    async with uow_factory() as uow:
        for document in documents:
            await uow.documents.add(document)
        await uow.commit()


async def test_given_a_document_when_saved_then_it_is_found_as_it_now_stands(
    uow_factory: UowFactory,
) -> None:
    document = a_document(await store_booking(uow_factory()))
    await store(uow_factory, document)
    stored = document.stored(at=NOW + timedelta(seconds=1))

    async with uow_factory() as uow:
        assert await uow.documents.get(document.id, lock=True) == document
        await uow.documents.save(stored)
        await uow.commit()

    async with uow_factory() as uow:
        assert await uow.documents.get(document.id) == stored
        with pytest.raises(DocumentNotFoundError):
            await uow.documents.get(an_id())


async def test_given_documents_of_two_bookings_when_listed_then_each_has_its_own_oldest_first(
    uow_factory: UowFactory,
) -> None:
    booking, other = [await store_booking(uow_factory()) for _ in range(2)]
    late, early, gone = (a_document(booking, minute=minute) for minute in (2, 1, 0))
    await store(uow_factory, late, early, gone.removed(at=NOW), a_document(other))

    async with uow_factory() as uow:
        found = await uow.documents.of_booking(booking.id)

    assert found == (early, late)


async def test_given_pending_documents_when_asked_for_then_the_oldest_of_those_until_then_come(
    uow_factory: UowFactory,
) -> None:
    booking = await store_booking(uow_factory())
    pending = [a_document(booking, minute=minute) for minute in (3, 1, 2)]
    stored = a_document(booking).stored(at=NOW)
    await store(uow_factory, *pending, stored, a_document(booking).removed(at=NOW))

    async with uow_factory() as uow:
        until_second = await uow.documents.pending(until=NOW + timedelta(minutes=2), limit=10)
        first = await uow.documents.pending(until=NOW + timedelta(minutes=9), limit=1)

    assert until_second == (pending[1].id, pending[2].id)
    assert first == (pending[1].id,)


async def test_given_one_content_when_stored_twice_on_a_booking_then_the_second_is_refused(
    uow_factory: UowFactory,
) -> None:
    booking, other = [await store_booking(uow_factory()) for _ in range(2)]
    first = a_document(booking).stored(at=NOW)
    second = a_document(booking)
    elsewhere = a_document(other).stored(at=NOW)
    removed = replace(a_document(booking).stored(at=NOW), removed_at=NOW)
    await store(uow_factory, first, second, elsewhere, removed)

    async with uow_factory() as uow:
        with pytest.raises(Exception, match=r"one content|uq_documents_booking_id_sha256_stored"):
            await uow.documents.save(second.stored(at=NOW))

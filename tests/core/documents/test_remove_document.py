from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW, a_booking, a_customer, an_id
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.documents.sample_files import a_jpeg, a_pdf, a_png
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.document import (
    COURIER,
    Document,
    DocumentKind,
    DocumentNotFoundError,
    DocumentsClosedError,
    NotYourDocumentError,
    ProofIsKeptError,
)
from totetaxi_core.documents.download_document import find_document
from totetaxi_core.documents.keep_document import keep_document
from totetaxi_core.documents.remove_document import remove_document
from totetaxi_core.refusal import DomainError

GUEST, MARIA = Caller.guest(), Caller.staff("maria")


async def store_booking(house: MemoryHouse, booking: Booking) -> Booking:
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.commit()
    return booking


async def keep(
    house: MemoryHouse,
    booking: Booking,
    *,
    by: str,
    kind: DocumentKind = DocumentKind.PHOTO,
    content: bytes = a_png(),
) -> Document:
    return await keep_document(
        booking.id,
        kind,
        content,
        house.ports,
        content_type=None,
        file_name="x",
        uploaded_by=by,
    )


@pytest.mark.parametrize(
    ("uploaded_by", "remover"),
    [("guest", GUEST), ("customer", GUEST), ("guest", MARIA), ("lou", MARIA)],
)
async def test_given_a_file_when_who_may_removes_it_then_it_is_gone_and_so_is_what_was_kept(
    uploaded_by: str, remover: Caller
) -> None:
    house = await a_house()
    booking = await store_booking(house, a_booking())
    document = await keep(house, booking, by=uploaded_by)

    await remove_document(booking.id, document.id, house.ports, by=remover)
    await house.work_off()

    assert house.files.files == {}
    for again in (find_document, remove_document):
        with pytest.raises(DocumentNotFoundError):
            await again(booking.id, document.id, house.ports, by=remover)


async def test_given_a_removed_file_when_it_comes_again_then_it_is_a_new_one() -> None:
    house = await a_house()
    booking = await store_booking(house, a_booking())
    first = await keep(house, booking, by="guest")
    await remove_document(booking.id, first.id, house.ports, by=GUEST)

    again = await keep(house, booking, by="guest")
    await house.work_off()

    assert again.id != first.id
    assert list(house.files.files) == [again.storage_key]


@pytest.mark.parametrize(
    ("uploaded_by", "kind", "remover", "refusal"),
    [
        ("maria", DocumentKind.CERTIFICATE_OF_INSURANCE, GUEST, NotYourDocumentError),
        (COURIER, DocumentKind.PROOF_OF_DELIVERY, GUEST, ProofIsKeptError),
        (COURIER, DocumentKind.PROOF_OF_DELIVERY, MARIA, ProofIsKeptError),
        ("guest", DocumentKind.PHOTO, Caller.customer(an_id()), BookingNotFoundError),
    ],
)
async def test_given_a_file_when_who_may_not_removes_it_then_it_stays(
    uploaded_by: str, kind: DocumentKind, remover: Caller, refusal: type[DomainError]
) -> None:
    house = await a_house()
    booking = await store_booking(house, a_booking())
    document = await keep(house, booking, by=uploaded_by, kind=kind)

    with pytest.raises(refusal):
        await remove_document(booking.id, document.id, house.ports, by=remover)
    await house.work_off()

    assert await find_document(booking.id, document.id, house.ports, by=GUEST) == document
    assert list(house.files.files) == [document.storage_key]


async def test_given_a_completed_move_when_files_are_removed_then_staff_alone_may() -> None:
    house = await a_house()
    booking = a_booking().confirm(at=NOW).complete(at=NOW)
    await store_booking(house, booking)
    document = await keep(house, booking, by="maria")
    own = await keep(house, booking, by="courier", content=a_jpeg())
    async with house.ports.unit_of_work() as uow:
        await uow.documents.save(replace(own, uploaded_by="guest"))
        await uow.commit()

    with pytest.raises(DocumentsClosedError):
        await remove_document(booking.id, own.id, house.ports, by=GUEST)
    await remove_document(booking.id, document.id, house.ports, by=MARIA)

    [act] = (each for each in house.acts() if each.action_type == "document_removed")
    assert (act.staff_name, act.booking_id) == ("maria", booking.id)
    assert act.before == {"kind": "photo", "uploaded_by": "maria"}


async def test_given_another_booking_s_file_when_asked_for_then_it_is_not_found() -> None:
    house = await a_house()
    customer = a_customer()
    mine, theirs = [await store_booking(house, a_booking()) for _ in range(2)]
    document = await keep(house, theirs, by="guest", content=a_pdf())

    for act in (find_document, remove_document):
        with pytest.raises(DocumentNotFoundError):
            await act(mine.id, document.id, house.ports, by=GUEST)
        with pytest.raises(BookingNotFoundError):
            await act(theirs.id, document.id, house.ports, by=Caller.customer(customer.id))

    house.clock.advance(timedelta(hours=2))
    assert house.files.files == {document.storage_key: a_pdf()}

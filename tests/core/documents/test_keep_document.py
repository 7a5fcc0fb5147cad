import asyncio
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from tests.builders import NOW, a_booking, an_id
from tests.contracts.test_documents import a_document
from tests.core.bookings.memory_house import MemoryHouse, a_house
from tests.core.documents.sample_files import a_jpeg, a_pdf, a_png
from tests.meeting import Meeting
from totetaxi_adapters.memory.file_store import MemoryFileStore
from totetaxi_adapters.memory.outage import Outage
from totetaxi_adapters.memory.unit_of_work import MemoryUnitOfWork
from totetaxi_core.bookings.booking import Booking, BookingNotFoundError
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.documents.caller import Caller
from totetaxi_core.documents.document import (
    COURIER,
    MAX_BYTES,
    Document,
    DocumentKind,
    DocumentsClosedError,
    TooManyDocumentsError,
)
from totetaxi_core.documents.file_store import FileStoreUnavailableError
from totetaxi_core.documents.file_type import UnsupportedFileTypeError
from totetaxi_core.documents.keep_document import (
    FileTooLargeError,
    KeptDocument,
    Upload,
    keep_document,
)
from totetaxi_core.documents.list_documents import list_documents
from totetaxi_core.documents.sweep_uploads import sweep_uploads
from totetaxi_core.documents.upload_document import upload_document
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.refusal import DomainError, InvalidInputError

GUEST = Caller.guest()
HOUR = timedelta(hours=1)


class Killed(BaseException):
    """The process ends here."""


class DeadlyFileStore(MemoryFileStore):
    """The process that keeps a file here dies once it is kept."""

    async def put(self, key: str, content: bytes, *, content_type: str, file_name: str) -> None:
        await super().put(key, content, content_type=content_type, file_name=file_name)
        raise Killed


class MeetingFileStore(MemoryFileStore):
    """Keeps a file only once a second one has come."""

    def __init__(self) -> None:
        super().__init__()
        self.both = Meeting()

    async def put(self, key: str, content: bytes, *, content_type: str, file_name: str) -> None:
        await self.both.wait()
        await super().put(key, content, content_type=content_type, file_name=file_name)
        await self.both.wait()


class Move:
    """A house with one booking, and what is kept on it."""

    def __init__(self, house: MemoryHouse, booking: Booking) -> None:
        self.house, self.booking = house, booking

    async def upload(
        self, content: bytes = a_png(), *, by: Caller = GUEST, name: str = "a.png"
    ) -> KeptDocument:
        upload = Upload(kind=DocumentKind.PHOTO, content=content, file_name=name)
        return await upload_document(self.booking.id, upload, self.house.ports, by=by)

    async def bring_proof(self, content: bytes) -> Document:
        return await keep_document(
            self.booking.id,
            DocumentKind.PROOF_OF_DELIVERY,
            content,
            self.house.ports,
            content_type="image/jpeg",
            file_name="door.jpg",
            uploaded_by=COURIER,
        )

    async def listed(self) -> tuple[Document, ...]:
        return await list_documents(self.booking.id, self.house.ports, by=GUEST)

    @property
    def rows(self) -> list[Document]:
        return list(self.house.database.documents.rows.values())


@pytest.fixture
async def move() -> Move:
    house = await a_house()
    return await moved(house, a_booking())


async def moved(house: MemoryHouse, booking: Booking) -> Move:
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.commit()
    return Move(house, booking)


async def test_given_a_file_when_uploaded_then_row_and_file_say_what_it_is(move: Move) -> None:
    kept = await move.upload(a_jpeg(), name="../Küche.png")

    document = kept.document
    assert kept.is_new
    assert (document.file_name, document.content_type) == ("Küche.png.jpg", "image/jpeg")
    assert (document.size_bytes, document.uploaded_by) == (len(a_jpeg()), "guest")
    assert move.house.files.files == {document.storage_key: a_jpeg()}
    assert move.house.files.kinds[document.storage_key] == ("image/jpeg", "Küche.png.jpg")
    assert "che" not in document.storage_key
    assert await move.listed() == (document,)


async def test_given_the_same_content_when_uploaded_again_then_the_first_is_answered(
    move: Move,
) -> None:
    first = await move.upload(name="first.png")

    again = await move.upload(name="second.png", by=Caller.staff("maria"))

    assert (again.document, again.is_new) == (first.document, False)
    assert len(move.house.files.files) == len(move.rows) == 1
    assert move.house.acts() == []


async def test_given_one_content_twice_at_once_when_uploaded_then_one_is_kept_and_the_other_goes(
    move: Move,
) -> None:
    meeting = MeetingFileStore()
    move.house.files = meeting
    move.house.ports = replace(move.house.ports, files=meeting)

    one, other = await asyncio.gather(move.upload(), move.upload())

    assert len(meeting.files) == 2
    assert one.document == other.document
    assert {one.is_new, other.is_new} == {True, False}
    move.house.clock.advance(HOUR)
    await work_off_due(move.house)
    assert list(move.house.files.files) == [one.document.storage_key]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", InvalidInputError),
        (b"<svg/>", UnsupportedFileTypeError),
        (a_pdf(body=bytes(MAX_BYTES)), FileTooLargeError),
    ],
)
async def test_given_a_file_we_do_not_take_when_uploaded_then_nothing_is_stored(
    move: Move, content: bytes, refusal: type[DomainError]
) -> None:
    before = move.house.stored()

    with pytest.raises(refusal):
        await move.upload(content)

    assert (move.house.stored(), move.house.files.files) == (before, {})


async def test_given_a_file_of_exactly_the_limit_when_uploaded_then_it_is_kept(move: Move) -> None:
    content = a_pdf(body=bytes(MAX_BYTES - len(a_pdf())))

    kept = await move.upload(content)

    assert kept.document.size_bytes == MAX_BYTES


async def test_given_a_proof_when_somebody_uploads_it_then_only_the_courier_may(
    move: Move,
) -> None:
    upload = Upload(kind=DocumentKind.PROOF_OF_DELIVERY, content=a_png(), file_name="a")

    with pytest.raises(InvalidInputError):
        await upload_document(move.booking.id, upload, move.house.ports, by=Caller.staff("maria"))
    proof = await move.bring_proof(a_jpeg())

    assert (proof.kind, proof.uploaded_by) == (DocumentKind.PROOF_OF_DELIVERY, "courier")
    assert move.rows == [proof]


async def test_given_twenty_files_when_one_more_comes_then_it_must_be_proof(move: Move) -> None:
    for number in range(20):
        await move.upload(a_png(text=b"%d" % number))

    with pytest.raises(TooManyDocumentsError):
        await move.upload()
    await move.bring_proof(a_jpeg())

    assert len(await move.listed()) == 21


@pytest.mark.parametrize("ends", ["completed", "cancelled"])
async def test_given_a_booking_that_is_over_when_files_come_then_the_house_alone_may_add(
    ends: str,
) -> None:
    booking = a_booking()
    over = (
        booking.confirm(at=NOW).complete(at=NOW)
        if ends == "completed"
        else booking.cancel(reason=CancellationReason.STAFF, at=NOW)
    )
    move = await moved(await a_house(), over)

    with pytest.raises(DocumentsClosedError):
        await move.upload()
    await move.upload(by=Caller.staff("maria"))
    await move.bring_proof(a_jpeg())

    assert {each.uploaded_by for each in await move.listed()} == {"maria", "courier"}


async def test_given_a_booking_of_another_account_when_a_customer_uploads_then_it_is_not_found(
    move: Move,
) -> None:
    with pytest.raises(BookingNotFoundError):
        await move.upload(by=Caller.customer(an_id()))

    assert move.rows == []


async def test_given_staff_when_they_add_a_file_then_it_is_on_record(move: Move) -> None:
    kept = await move.upload(by=Caller.staff("maria"))

    [act] = move.house.acts()
    assert (act.action_type, act.staff_name) == ("document_added", "maria")
    assert (act.booking_id, act.subject) == (move.booking.id, f"document:{kept.document.id}")


async def test_given_a_process_that_dies_with_the_file_kept_when_swept_then_both_go(
    move: Move,
) -> None:
    deadly = DeadlyFileStore()
    alive, move.house.ports = move.house.ports, replace(move.house.ports, files=deadly)
    with pytest.raises(Killed):
        await move.upload()
    move.house.ports = replace(alive, files=(after := MemoryFileStore()))
    after.files = deadly.files
    assert (len(after.files), await move.listed()) == (1, ())

    early = await sweep_uploads(move.house.ports, limit=10)
    move.house.clock.advance(HOUR)
    late = await sweep_uploads(move.house.ports, limit=10)
    again = await sweep_uploads(move.house.ports, limit=10)
    await move.house.work_off()

    assert (early, late, again) == (0, 1, 0)
    assert after.files == {}
    [row] = move.rows
    assert row.removed_at == NOW + HOUR


@pytest.mark.parametrize("becomes", ["stored", "forgotten"])
async def test_given_an_upload_that_ends_as_it_is_swept_when_locked_then_it_is_left_alone(
    move: Move, becomes: str
) -> None:
    pending = a_document(move.booking)
    async with move.house.ports.unit_of_work() as uow:
        await uow.documents.add(pending)
        await uow.commit()
    now_it_is = pending.stored(at=NOW) if becomes == "stored" else None
    units = count(1)

    def unit_of_work() -> MemoryUnitOfWork:
        if next(units) == 2:  # the one that has listed it is over, the one that locks it begins
            move.house.database.documents.publish({pending.id: now_it_is})
        return MemoryUnitOfWork(move.house.database)

    move.house.clock.advance(HOUR)
    swept = await sweep_uploads(replace(move.house.ports, unit_of_work=unit_of_work), limit=10)

    assert swept == 0
    assert move.rows == ([now_it_is] if now_it_is else [])
    assert move.house.effects(EffectKind.REMOVE_FILE) == []


@pytest.mark.parametrize("outage", list(Outage))
async def test_given_a_silent_store_when_uploaded_then_it_can_be_tried_again_and_nothing_stays(
    move: Move, outage: Outage
) -> None:
    move.house.files.outages.plan(outage)
    with pytest.raises(FileStoreUnavailableError):
        await move.upload()

    again = await move.upload()
    move.house.clock.advance(HOUR)
    await work_off_due(move.house)

    assert again.is_new
    assert await move.listed() == (again.document,)
    assert list(move.house.files.files) == [again.document.storage_key]


async def test_given_a_file_to_go_when_the_store_is_silent_then_it_goes_later(
    move: Move,
) -> None:
    move.house.files.outages.plan(Outage.BEFORE_ACTING, Outage.BEFORE_ACTING)
    with pytest.raises(FileStoreUnavailableError):
        await move.upload()
    [effect] = move.house.effects(EffectKind.REMOVE_FILE)

    move.house.clock.advance(HOUR)
    await work_off_due(move.house)
    [tried] = move.house.effects(EffectKind.REMOVE_FILE)
    move.house.clock.advance(HOUR)
    await work_off_due(move.house)
    [done] = move.house.effects(EffectKind.REMOVE_FILE)

    assert effect.due_at == NOW + HOUR
    assert (tried.state, tried.attempts) == ("due", 1)
    assert done.state == "done"


async def work_off_due(house: MemoryHouse) -> None:
    """Do what has come due, as the worker's sweep would."""
    async with house.ports.unit_of_work() as uow:
        await uow.outbox.defer_due(now=house.clock(), limit=100)
        await uow.commit()
    await house.work_off()

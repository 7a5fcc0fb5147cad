"""Who deals with the files of a booking, and what that lets them do."""

from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from totetaxi_core.bookings.booking import (
    CUSTOMER,
    GUEST,
    SELF_SERVICE,
    Booking,
    BookingNotFoundError,
)
from totetaxi_core.bookings.booking_status import BookingStatus
from totetaxi_core.documents.document import (
    COURIER,
    Document,
    DocumentsClosedError,
    NotYourDocumentError,
    PersonErasedError,
    ProofIsKeptError,
)
from totetaxi_core.unit_of_work import UnitOfWork

OVER: Final = frozenset({BookingStatus.COMPLETED, BookingStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """`name` is what `uploaded_by` says; `customer_id` the account of a customer."""

    name: str
    customer_id: UUID | None = None

    @classmethod
    def guest(cls) -> Self:
        """Return whoever has brought the booking's manage token."""
        return cls(name=GUEST)

    @classmethod
    def customer(cls, customer_id: UUID) -> Self:
        return cls(name=CUSTOMER, customer_id=customer_id)

    @classmethod
    def staff(cls, username: str) -> Self:
        return cls(name=username)

    @classmethod
    def courier(cls) -> Self:
        return cls(name=COURIER)

    @property
    def is_self_service(self) -> bool:
        return self.name in SELF_SERVICE

    @property
    def is_staff(self) -> bool:
        return not self.is_self_service and self.name != COURIER

    async def booking(self, booking_id: UUID, uow: UnitOfWork, *, lock: bool = False) -> Booking:
        """Return the booking; `lock` keeps other writers out until commit.

        Raises:
            BookingNotFoundError: there is none, or it is in another account.
        """
        booking = await uow.bookings.get(booking_id, lock=lock)
        if self.customer_id is not None and booking.customer_id != self.customer_id:
            raise BookingNotFoundError(booking_id)
        return booking

    def require_adding(self, booking: Booking) -> None:
        """Refuse customers a booking that is over, and the courier one whose person was erased.

        Raises:
            DocumentsClosedError: it is completed or cancelled, and a customer asks.
            PersonErasedError: the courier brings what was taken at the door.
        """
        if self.is_self_service and booking.status in OVER:
            raise DocumentsClosedError(booking.booking_number, booking.status)
        if self.name == COURIER and booking.contact.is_erased:
            raise PersonErasedError(booking.id)

    def require_removing(self, document: Document, booking: Booking) -> None:
        """Refuse what is not theirs to remove; staff may remove all but proof of delivery.

        Raises:
            ProofIsKeptError: the courier brought it.
            NotYourDocumentError: staff uploaded it, and a customer asks.
            DocumentsClosedError: a customer asks, and the booking is completed.
        """
        if document.is_proof:
            raise ProofIsKeptError(document.id)
        if not self.is_self_service:
            return
        if document.uploaded_by not in SELF_SERVICE:
            raise NotYourDocumentError(document.id)
        if booking.status is BookingStatus.COMPLETED:
            raise DocumentsClosedError(booking.booking_number, booking.status)

"""Staff book for a guest, or into a customer's account: what pays it is a link that is mailed."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.bookings.book import Booked, book
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.bookings.order import Order
from totetaxi_core.bookings.pay_link import pay_link
from totetaxi_core.customers.customer import Customer, CustomerNotFoundError
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.refusal import FieldFault, InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedByStaff(Booked):
    """What staff get. `payment_link` is None when nothing is to be paid any more."""

    manage_token: str
    payment_link: str | None


async def book_by_staff(order: Order, ports: Ports, terms: Terms) -> BookedByStaff:
    """Book in the name of staff, and give the link to pay that the mail has too.

    Raises:
        DomainError: each that `book` raises; then nothing was stored.
    """
    booked = await book(order, ports, terms)
    booking = booked.booking
    return BookedByStaff(
        booking=booking,
        intent=booked.intent,
        payment_error=booked.payment_error,
        is_repeat=booked.is_repeat,
        is_replay=booked.is_replay,
        is_anothers=booked.is_anothers,
        decline_message=booked.decline_message,
        manage_token=terms.manage_tokens.token(booking.id),
        payment_link=pay_link(booking, terms) if booking.is_payable(at=ports.clock()) else None,
    )


async def contact_of_account(customer_id: UUID, ports: Ports) -> Contact:
    """Return whom a booking into this account is for.

    Raises:
        CustomerNotFoundError: there is no such account, or it was deleted.
        InvalidInputError: the profile has no telephone number, which the driver needs.
    """
    async with ports.unit_of_work() as uow:
        customer = await uow.customers.get(customer_id)
    return _contact(customer)


async def customer_of_email(email: str, ports: Ports) -> Customer:
    """Return the account of an e-mail address, in any case.

    Raises:
        CustomerNotFoundError: there is none.
    """
    async with ports.unit_of_work() as uow:
        customer = await uow.customers.find(email)
    if customer is None:
        raise CustomerNotFoundError(f"no customer has the e-mail address {email}")
    return customer


def _contact(customer: Customer) -> Contact:
    if customer.deleted_at is not None:
        raise CustomerNotFoundError(f"there is no customer {customer.id}")
    if not customer.phone:
        message = "has no telephone number in the profile: the driver needs it"
        raise InvalidInputError([FieldFault(field="customer_id", code="missing", message=message)])
    return customer.contact

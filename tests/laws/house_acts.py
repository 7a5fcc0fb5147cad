"""What customers, the worker and the clock may do to a booking at any moment."""

from enum import StrEnum
from uuid import UUID

from tests.core.bookings.memory_house import MemoryHouse
from tests.laws.house_accounts import TAKES_CARDS, handed_out, open_pages
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_core.bookings.end_unpaid import cancel_unpaid
from totetaxi_core.bookings.expire_holds import expire_holds
from totetaxi_core.payments.open_intent import open_intent
from totetaxi_core.payments.open_payment_link import open_payment_link, renew_payment_link


class Act(StrEnum):
    OPEN = "open"
    CANCEL = "cancel"
    EXPIRE = "expire"
    LAPSE = "lapse"
    WORK_OFF = "work_off"
    PAY = "pay"
    OPEN_LINK = "open_link"
    RENEW_LINK = "renew_link"
    PAY_PAGE = "pay_page"
    TAKE_CASH = "take_cash"


async def act(house: MemoryHouse, name: Act, booking_id: UUID) -> None:  # noqa: C901  one line each
    """Do it; what is refused raises its refusal."""
    match name:
        case Act.OPEN:
            await open_intent(booking_id, house.ports, house.terms)
        case Act.CANCEL:
            await cancel_unpaid(booking_id, house.ports, house.terms)
        case Act.EXPIRE:
            await expire_holds(house.ports, house.terms, limit=10)
        case Act.LAPSE:
            house.clock.advance(house.terms.hold)
        case Act.WORK_OFF:
            await house.work_off()
        case Act.PAY:
            await _pay_and_settle(house, booking_id)
        case Act.OPEN_LINK:
            await open_payment_link(booking_id, house.ports, house.terms)
        case Act.RENEW_LINK:
            await renew_payment_link(booking_id, house.ports, house.terms, staff_name="maria")
        case Act.PAY_PAGE:
            _pay_page(house, booking_id)
        case Act.TAKE_CASH:
            await house.confirm_in_cash(house.booking(booking_id))


def _pay_page(house: MemoryHouse, booking_id: UUID) -> None:
    for page in open_pages(house):
        if page.booking_id == booking_id:
            house.checkout.pay_session(page.id, PAYS)


async def _pay_and_settle(house: MemoryHouse, booking_id: UUID) -> None:
    for intent in handed_out(house):
        if intent.booking_id == booking_id:
            if intent.status in TAKES_CARDS:
                house.pay(intent)
            await house.settle(intent)

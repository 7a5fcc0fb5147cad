"""The bill of lading of a booking, for the crew and both doors."""

from datetime import tzinfo

from reportlab.platypus import Flowable, KeepTogether, Spacer, Table

from totetaxi_adapters.papers.invoice import moment
from totetaxi_adapters.papers.sheet import Heading, Letterhead, grid, print_sheet
from totetaxi_adapters.papers.typeface import HEADING, SMALL, STRONG, words
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.documents.bill_of_lading import BillOfLading
from totetaxi_core.geography.address import Address
from totetaxi_core.scheduling.long_date import long_date

CONDITION = (
    "Received in apparent good order, except as noted. The carrier signs for what is listed above "
    "and counted at the door; contents of closed boxes are not known to the carrier."
)


def print_bill_of_lading(bill: BillOfLading, letterhead: Letterhead, zone: tzinfo) -> bytes:
    """Return the bill as a PDF; its times are of `zone`."""
    booking = bill.booking
    heading = Heading(
        title="Bill of lading",
        subject=booking.booking_number,
        printed=f"{booking.booking_number} · as of {moment(bill.issued_at, zone)}",
    )
    story: list[Flowable] = [
        _facts(booking),
        words("From and to", HEADING),
        _doors(booking),
        words("Carried", HEADING),
        _goods(bill),
        KeepTogether([words("Signatures", HEADING), words(CONDITION, SMALL), _signatures()]),
    ]
    return print_sheet(story, heading, letterhead)


def _facts(booking: Booking) -> Table:
    contact, request = booking.contact, booking.quote.request
    at = f"{long_date(request.pickup_date)}, {request.pickup_time:%H:%M}"
    facts = [
        ("Service", request.service_type.label),
        ("Pickup", at),
        ("Shipper", f"{contact.full_name}, {contact.phone}"),
        ("Instructions", booking.special_instructions),
    ]
    return grid([[words(name, STRONG), words(fact)] for name, fact in facts if fact], 1, 4)


def _doors(booking: Booking) -> Table:
    to = booking.delivery_address
    rows = [[words("Pickup", STRONG), words(_door(booking.pickup_address))]]
    if to is not None:
        rows.append([words("Delivery", STRONG), words(_door(to))])
    return grid(rows, 1, 4)


def _door(address: Address) -> str:
    instructions = address.delivery_instructions
    return f"{address.formatted}\n{instructions}" if instructions else address.formatted


def _goods(bill: BillOfLading) -> Table:
    booking, request = bill.booking, bill.booking.quote.request
    rows = [
        [words(line.label), words(f"{line.quantity} times" if line.quantity > 1 else "")]
        for line in bill.carried
    ]
    if request.item_count is not None:
        rows.append([words(booking.item_description), words(f"{request.item_count} pieces")])
    elif booking.item_description:
        rows.append([words(booking.item_description), words("")])
    if request.total_weight_lb is not None:
        rows.append([words("Total weight"), words(f"{request.total_weight_lb} lb")])
    return grid(rows, 4, 1)


def _signatures() -> Table:
    blank = Spacer(0, 26)
    heads = [words(each, STRONG) for each in ("Shipper", "Crew", "Received by")]
    dates = [words("name, date and time", SMALL)] * 3
    return grid([heads, [blank] * 3, dates], 1, 1, 1)

"""The papers as their reader sees them: the text on each page of the PDF."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

import pypdfium2  # type: ignore[import-untyped]

from tests.builders import a_booking, a_contact, a_rich_quote
from tests.core.bookings.memory_house import NEW_YORK, a_house
from tests.core.logistics.moving_day import VISITS, a_move, a_visit, planned
from totetaxi_adapters.papers import (
    Letterhead,
    print_bill_of_lading,
    print_day_sheets,
    print_invoice,
    print_receipt,
)
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.documents.bill_of_lading import BillOfLading
from totetaxi_core.documents.invoice import Invoice, MoneyLine

LETTERHEAD = Letterhead(name="ToteTaxi", address="1 Test Street, New York", phone="+12125550100")
AT = datetime(2026, 12, 2, 3, 30, tzinfo=UTC)  # the day before in New York
ODD = a_contact()


def text_of(pdf: bytes) -> Sequence[str]:
    """Return the text of each page."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]
    document.close()
    return pages


def an_invoice(*, booking: Booking | None = None) -> Invoice:
    of = booking or a_booking(offer=a_rich_quote())
    paid = MoneyLine(label="Paid by card", at=AT, amount_cents=of.total_cents)
    back = MoneyLine(label="Refund", at=AT, amount_cents=-5_000)
    return Invoice(booking=of, money_lines=(paid, back), issued_at=AT)


def test_given_a_booking_with_all_kinds_of_lines_when_invoiced_then_all_are_there() -> None:
    invoice = an_invoice()

    (page,) = text_of(print_invoice(invoice, LETTERHEAD, NEW_YORK))

    assert all(line.label in page for line in invoice.booking.quote.lines if line.label.isascii())
    assert "Total $6,346.25" in page
    assert "-$680.50" in page
    assert "Sent back $50.00" in page
    assert "Tuesday, December 1, 2026, 22:30" in page
    assert invoice.booking.booking_number in page


def test_given_markup_and_accents_in_a_name_when_printed_then_they_stand_as_they_are() -> None:
    contact = replace(ODD, first_name="<b>Łukasz</b> &amp;", last_name="O'Неил")
    booking = a_booking(offer=a_rich_quote(), contact=contact)

    (page,) = text_of(print_invoice(an_invoice(booking=booking), LETTERHEAD, NEW_YORK))

    assert "<b>Łukasz</b> &amp; O'Неил" in page


def test_given_more_lines_than_a_page_when_printed_then_each_page_says_which_of_how_many() -> None:
    quote = a_rich_quote()
    long = a_booking(offer=replace(quote, lines=quote.lines * 8))

    pages = text_of(print_receipt(an_invoice(booking=long), LETTERHEAD, NEW_YORK))

    assert [f"Page {n} of {len(pages)}" in page for n, page in enumerate(pages, 1)] == [True] * 3
    assert all("Receipt" in page for page in pages)


def test_given_the_same_invoice_when_printed_twice_then_the_bytes_are_alike() -> None:
    invoice = an_invoice()

    first, again = (print_invoice(invoice, LETTERHEAD, NEW_YORK) for _ in range(2))

    assert first == again


def test_given_a_booking_when_its_bill_is_printed_then_doors_goods_and_no_price_are_on_it() -> None:
    booking = replace(a_booking(offer=a_rich_quote()), item_description="12 boxes of books")

    (page,) = text_of(
        print_bill_of_lading(BillOfLading(booking=booking, issued_at=AT), LETTERHEAD, NEW_YORK)
    )

    assert booking.pickup_address.formatted in page
    assert booking.pickup_address.delivery_instructions in page
    assert booking.special_instructions in page
    assert "12 boxes of books 12 pieces" in page
    assert "$" not in page
    assert "Received by" in page


def test_given_notes_longer_than_a_page_when_a_bill_is_printed_then_they_go_on_on_the_next() -> (
    None
):
    note = "\n".join(f"line {number}" for number in range(70))
    booking = replace(
        a_booking(offer=a_rich_quote()), special_instructions=note, item_description=note
    )

    pages = text_of(
        print_bill_of_lading(BillOfLading(booking=booking, issued_at=AT), LETTERHEAD, NEW_YORK)
    )

    assert "line 0" in pages[0]
    assert "\n".join(pages).count("line 69") == 2
    assert "Received by" in pages[-1]


async def test_given_a_note_of_blank_lines_when_day_sheets_are_printed_then_they_stay_short() -> (
    None
):
    first, second = a_move(at=time(8)), a_move(at=time(9))
    hollow = replace(first, special_instructions="up" + "\n" * 998 + "stairs")
    plan = await planned(await a_house(), hollow, second, crews=2)

    pages = text_of(print_day_sheets(plan, LETTERHEAD, NEW_YORK, printed_at=AT))

    assert len(pages) == len(plan.routes)
    text = "\n".join(pages)
    assert "stairs" in text
    assert second.booking_number in text


async def test_given_a_plan_when_its_day_sheets_are_printed_then_each_crew_has_one_in_order() -> (
    None
):
    first, second, visit = a_move(at=time(8)), a_move(at=time(8)), a_visit(visit=next(iter(VISITS)))
    plan = await planned(await a_house(), first, second, visit, crews=3)

    pages = text_of(print_day_sheets(plan, LETTERHEAD, NEW_YORK, printed_at=AT))

    assert all(f"Crew {one.crew}" in page for one, page in zip(plan.routes, pages, strict=True))
    assert all("Day sheet" in page and "Tuesday, December 1, 2026" in page for page in pages)
    text = "\n".join(pages)
    assert text.count(first.booking_number) == text.count(second.booking_number) == 2
    assert text.index("Pickup") < text.index("Drop-off")
    assert "Visit" in text


async def test_given_no_crew_when_day_sheets_are_printed_then_what_nobody_drives_is_named() -> None:
    booking = a_move(at=time(9))
    plan = await planned(await a_house(), booking, crews=0)

    (page,) = text_of(print_day_sheets(plan, LETTERHEAD, NEW_YORK, printed_at=AT))

    assert "No crew drives these" in page
    assert f"{booking.booking_number}: no crew works on this date" in page

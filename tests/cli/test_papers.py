"""Papers saved from the command line."""

from pathlib import Path

from tests.cli.conftest import Runner
from tests.cli.shelf import Shelf

AS_LOU = ("--as", "lou")


def test_given_an_unpaid_booking_when_its_papers_are_saved_then_only_what_is_true_is(
    totetaxi: Runner, shelf: Shelf, tmp_path: Path
) -> None:
    number, to = shelf.booking.booking_number, tmp_path / "invoice.pdf"

    saved = totetaxi("documents", "invoice", number, *AS_LOU, "--to", str(to))
    again = totetaxi("documents", "invoice", number, *AS_LOU, "--to", str(to))
    receipt = totetaxi("documents", "receipt", number, *AS_LOU)
    bill = totetaxi("documents", "bill-of-lading", number, *AS_LOU)

    assert saved.out.startswith(f"saved {to}, ")
    assert to.read_bytes().startswith(b"%PDF-")
    assert again.code == 1
    assert receipt.errors == [
        f"nothing_paid: nothing was paid for {number}: there is no receipt of it"
    ]
    assert bill.errors == [
        f"invalid_transition: booking {number} is pending: nothing is carried for it"
    ]


def test_given_a_day_without_bookings_when_its_sheets_are_saved_then_they_say_so(
    totetaxi: Runner, tmp_path: Path
) -> None:
    to = tmp_path / "day.pdf"

    saved = totetaxi("documents", "day-sheets", "2026-12-01", *AS_LOU, "--to", str(to))

    assert saved.code == 0
    assert to.read_bytes().startswith(b"%PDF-")

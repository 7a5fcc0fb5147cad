"""The papers over HTTP: a guest's, a customer's, and those of staff."""

import httpx

from tests.core.bookings.account_holder import order_of_customer
from tests.core.staff.staffing import PASSWORD
from tests.http.customer.conftest import LoggedIn, Service
from totetaxi_core.bookings.book import book
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.staff.role import Role

PDF = "application/pdf"


async def booked(owner: LoggedIn, service: Service, *, paid: bool) -> Booking:
    house = service.house
    made = await book(order_of_customer(owner.customer), house.ports, house.terms)
    assert made.intent is not None
    if paid:
        house.pay(made.intent)
        await house.settle(made.intent)
    return made.booking


def kind_and_name(answer: httpx.Response) -> tuple[int, str, str]:
    headers = answer.headers
    return answer.status_code, headers["content-type"], headers["content-disposition"]


async def test_given_a_paid_booking_when_its_owner_asks_for_papers_then_both_are_pdfs(
    customer_a: LoggedIn, service: Service
) -> None:
    booking = await booked(customer_a, service, paid=True)
    path = f"/api/customer/bookings/{booking.id}"

    invoice = await customer_a.http.get(f"{path}/invoice")
    receipt = await customer_a.http.get(f"{path}/receipt")

    number = booking.booking_number
    assert kind_and_name(invoice) == (200, PDF, f'inline; filename="invoice-{number}.pdf"')
    assert kind_and_name(receipt) == (200, PDF, f'inline; filename="receipt-{number}.pdf"')
    assert invoice.content.startswith(b"%PDF-")
    assert invoice.headers["cache-control"] == "no-store"


async def test_given_an_unpaid_booking_when_papers_are_asked_for_then_there_is_an_invoice_alone(
    customer_a: LoggedIn, customer_b: LoggedIn, service: Service, stranger: httpx.AsyncClient
) -> None:
    booking = await booked(customer_a, service, paid=False)
    token = {"X-Manage-Token": service.house.terms.manage_tokens.token(booking.id)}

    invoice = await stranger.get("/api/public/manage/invoice", headers=token)
    receipt = await stranger.get("/api/public/manage/receipt", headers=token)
    anothers = await customer_b.http.get(f"/api/customer/bookings/{booking.id}/invoice")

    assert invoice.headers["content-type"] == PDF
    assert (receipt.status_code, receipt.json()["error_type"]) == (409, "nothing_paid")
    assert anothers.status_code == 404


async def test_given_a_paid_booking_when_staff_ask_for_papers_then_the_day_has_its_sheet_too(
    customer_a: LoggedIn, service: Service, stranger: httpx.AsyncClient
) -> None:
    booking = await booked(customer_a, service, paid=True)
    await service.house.hire("lou", Role.LOGISTICS, by=service.house.root)
    body = {"username": "lou", "password": PASSWORD}
    token = (await stranger.post("/api/staff/login", json=body)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    papers = f"/api/staff/documents/bookings/{booking.id}"
    day = booking.quote.request.pickup_date

    answers = [
        await stranger.get(path, headers=headers)
        for path in (
            f"{papers}/bill-of-lading",
            f"{papers}/receipt",
            f"/api/staff/documents/day-sheets/{day}",
        )
    ]

    names = [f"bill-of-lading-{booking.booking_number}", f"receipt-{booking.booking_number}"]
    assert [kind_and_name(answer) for answer in answers] == [
        (200, PDF, f'inline; filename="{name}.pdf"') for name in (*names, f"day-sheets-{day}")
    ]


async def test_given_an_unpaid_booking_when_staff_ask_for_its_bill_then_nothing_is_carried(
    customer_a: LoggedIn, service: Service, stranger: httpx.AsyncClient
) -> None:
    booking = await booked(customer_a, service, paid=False)
    await service.house.hire("lou", Role.LOGISTICS, by=service.house.root)
    body = {"username": "lou", "password": PASSWORD}
    token = (await stranger.post("/api/staff/login", json=body)).json()["access_token"]

    answer = await stranger.get(
        f"/api/staff/documents/bookings/{booking.id}/bill-of-lading",
        headers={"Authorization": f"Bearer {token}"},
    )

    assert (answer.status_code, answer.json()["error_type"]) == (409, "invalid_transition")
    assert answer.json()["message"].endswith("nothing is carried for it")

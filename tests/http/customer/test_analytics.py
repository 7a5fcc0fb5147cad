from dataclasses import replace

import httpx

from tests.builders import NOW, a_booking, a_ledger_entry, a_payment
from tests.http.customer.conftest import LoggedIn, Service
from totetaxi_core.ledger.account import Account
from totetaxi_core.ledger.entry import EntryKind

PATH = "/api/customer/analytics"
PAID = {Account.STRIPE: 150_001, Account.REVENUE: -150_001}
ONE_BACK = {Account.STRIPE: -1, Account.REFUNDS: 1}


async def test_given_money_spent_when_asked_then_its_owner_alone_is_told(
    service: Service, customer_a: LoggedIn, customer_b: LoggedIn
) -> None:
    bookings = [
        replace(a_booking().confirm(at=NOW), customer_id=customer_a.customer.id) for _ in "12"
    ]
    payments = [a_payment(booking) for booking in bookings]
    async with service.house.ports.unit_of_work() as uow:
        for booking in bookings:
            await uow.bookings.add(booking)
        await uow.ledger.post(a_ledger_entry(payments[0], amounts=PAID))
        refund = a_ledger_entry(payments[0], kind=EntryKind.REFUND, amounts=ONE_BACK)
        await uow.ledger.post(refund)
        await uow.commit()

    told = (await customer_a.http.get(PATH)).json()
    of_b = (await customer_b.http.get(f"{PATH}/")).json()
    profile = (await customer_a.http.get("/api/customer/profile")).json()

    months = told.pop("monthly_spending")
    assert told == {
        "total_spent_cents": 150_000,
        "total_spent_dollars": "1500.00",
        "average_booking_cents": 150_000,
        "average_booking_value": "1500.00",
        "most_used_service": "mini_move",
        "vip_status": False,
        "next_vip_threshold_cents": 50_000,
        "next_vip_threshold": "500.00",
    }
    assert len(months) == 12
    assert months[-1] == {"month": "2026-11", "spent_cents": 150_000}
    assert {one["spent_cents"] for one in months[:-1]} == {0}
    assert (of_b["total_spent_cents"], of_b["most_used_service"]) == (0, None)
    assert (profile["total_spent_cents"], profile["total_bookings"]) == (150_000, 1)


async def test_given_nobody_when_asked_then_it_is_refused(stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get(PATH)

    assert (answer.status_code, answer.json()["error_type"]) == (401, "invalid_token")

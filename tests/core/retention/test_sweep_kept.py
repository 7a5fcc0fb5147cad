"""What is past its time goes; what is not, and all money, stays."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.builders import (
    NOW,
    PICKUP_AT,
    a_booking,
    a_discount_code,
    a_message,
    a_payment,
    a_refund,
    a_staff_act,
)
from tests.contracts.test_documents import a_document
from tests.core.customers.customer_house import CustomerHouse
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.booking_status import CancellationReason
from totetaxi_core.customers.erasure import ERASED, NOBODY
from totetaxi_core.ledger.post_movement import post_charge
from totetaxi_core.outbox.owed_effect import EffectKind
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.retention import sweep_kept as sweeping
from totetaxi_core.retention.erase_past_booking import erase_past_booking
from totetaxi_core.retention.retention_terms import Kept, RetentionTerms
from totetaxi_core.retention.sweep_kept import count_kept, sweep_all, sweep_kept
from totetaxi_core.staff.read_acts import verify_acts
from totetaxi_core.unit_of_work import DatabaseUnavailableError

DAY = timedelta(days=1)
BY = "system"


@pytest.fixture
def house() -> CustomerHouse:
    return CustomerHouse()


def later(house: CustomerHouse, after: timedelta) -> None:
    """Let time pass."""
    clock: Callable[[], datetime] = lambda: PICKUP_AT + after  # noqa: E731  it is a clock
    house.ports = replace(house.ports, clock=clock)


async def store_over(house: CustomerHouse) -> Booking:
    """Store a booking that was driven and paid, with a letter, a file, a code and an act."""
    booking = a_booking().confirm(at=NOW).start(at=PICKUP_AT).complete(at=PICKUP_AT)
    payment = a_payment(booking)
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.payments.add(payment)
        await post_charge(uow, booking, payment, house.ids, at=NOW)
        await uow.messages.add(a_message(booking=booking))
        await uow.documents.add(a_document(booking))
        await uow.discount_uses.reserve(
            a_discount_code(), booking_id=booking.id, email_key=booking.contact.email_key
        )
        await uow.staff_acts.add(a_staff_act(booking))
        await uow.commit()
    return booking


async def store_unpaid(house: CustomerHouse) -> Booking:
    booking = a_booking().cancel(at=PICKUP_AT, reason=CancellationReason.PAYMENT_TIMEOUT)
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.add(booking)
        await uow.commit()
    return booking


async def swept(house: CustomerHouse, *, most: int = 100, by: str = BY) -> dict[Kept, int]:
    gone = (await sweep_kept(house.ports, house.terms, limit=2, most=most, by=by)).gone
    return {kind: number for kind, number in gone.items() if number}


async def test_given_a_booking_past_its_time_when_swept_then_its_person_goes_and_its_money_stays(
    house: CustomerHouse,
) -> None:
    booking = await store_over(house)
    ledger = dict(house.database.ledger_entries.rows)
    later(house, house.terms.retention.bookings + DAY)

    gone = await swept(house)

    stored = house.database.bookings.rows[booking.id]
    assert gone == {Kept.BOOKINGS: 1}
    assert stored.contact == NOBODY
    assert stored.pickup_address.address_line_1 == ERASED
    assert (stored.total_cents, stored.status) == (booking.total_cents, booking.status)
    assert house.database.ledger_entries.rows == ledger
    assert len(ledger) == 1
    assert not house.database.messages.rows
    assert not house.database.documents.rows
    assert {use.email_key for use in house.database.code_uses.rows.values()} == {
        house.terms.pseudonyms.of(booking.contact.email_key)
    }
    owed = [row.effect.kind for row in house.database.effects.rows.values()]
    assert owed == [EffectKind.REMOVE_FILE]


async def test_given_a_booking_past_its_time_when_swept_then_it_is_on_record_and_the_chain_whole(
    house: CustomerHouse,
) -> None:
    await store_over(house)
    later(house, house.terms.retention.bookings + DAY)

    await swept(house)
    again = await swept(house)

    acts = [
        (row.act.staff_name, row.act.action_type) for row in house.database.staff_acts.rows.values()
    ]
    assert again == {}
    assert acts[1:] == [(BY, "act_erased"), (BY, "retention_swept")]
    assert house.database.staff_acts.rows[1].act.description == ""
    assert house.database.staff_acts.rows[3].act.after == {"bookings": 1}
    assert (await verify_acts(house.ports, head=None)).faults == ()


@pytest.mark.parametrize(
    ("after", "erased"), [(-DAY, 0), (timedelta(0), 0), (timedelta(seconds=1), 1)]
)
async def test_given_a_kept_time_when_it_ends_then_a_booking_goes_right_after(
    house: CustomerHouse, after: timedelta, erased: int
) -> None:
    await store_over(house)
    later(house, house.terms.retention.bookings + after)

    assert (await swept(house)).get(Kept.BOOKINGS, 0) == erased


async def test_given_an_unpaid_booking_when_its_shorter_time_ends_then_only_it_is_erased(
    house: CustomerHouse,
) -> None:
    paid, cart = await store_over(house), await store_unpaid(house)
    later(house, house.terms.retention.unpaid_bookings + DAY)
    counted = await count_kept(house.ports, house.terms)

    gone = await swept(house)

    assert gone == {Kept.UNPAID_BOOKINGS: 1}
    assert counted == {kind: gone.get(kind, 0) for kind in Kept}
    assert house.database.bookings.rows[cart.id].contact == NOBODY
    assert house.database.bookings.rows[paid.id] == paid


async def test_given_more_than_a_round_takes_when_swept_then_the_rest_goes_in_the_next(
    house: CustomerHouse,
) -> None:
    for _ in range(5):
        await store_unpaid(house)
    later(house, house.terms.retention.unpaid_bookings + DAY)

    rounds = [(await swept(house, most=2)).get(Kept.UNPAID_BOOKINGS, 0) for _ in range(4)]

    assert rounds == [2, 2, 1, 0]


async def test_given_more_than_a_round_takes_when_all_is_swept_then_each_round_is_on_record(
    house: CustomerHouse,
) -> None:
    for _ in range(5):
        await store_unpaid(house)
    later(house, house.terms.retention.unpaid_bookings + DAY)
    told: list[int] = []

    swept_all = await sweep_all(house.ports, house.terms, limit=2, most=2, told=told.append)

    acts = [row.act.after for row in house.database.staff_acts.rows.values()]
    assert (swept_all.gone[Kept.UNPAID_BOOKINGS], told) == (5, [2, 4, 5])
    assert acts == [{"unpaid_bookings": number} for number in (2, 2, 1)]


def break_erasure(
    monkeypatch: pytest.MonkeyPatch, of: Collection[UUID], error: Exception
) -> list[UUID]:
    """Have the erasure of these bookings raise; return whose was tried, as it goes on."""
    tried: list[UUID] = []

    async def erase(booking_id: UUID, *arguments: Any, **named: Any) -> bool:  # noqa: ANN401  the real one's
        tried.append(booking_id)
        if booking_id in of:
            raise error
        return await erase_past_booking(booking_id, *arguments, **named)

    monkeypatch.setattr(sweeping, "erase_past_booking", erase)
    return tried


async def test_given_a_booking_that_cannot_be_erased_when_swept_then_all_others_go_and_it_is_told(
    house: CustomerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts = [await store_unpaid(house) for _ in range(5)]
    later(house, house.terms.retention.unpaid_bookings + DAY)
    broken = carts[1].id
    tried = break_erasure(monkeypatch, {broken}, ValueError("a row nobody can read"))

    done = await sweep_all(house.ports, house.terms, limit=2, most=2)

    stays = [one.id for one in house.database.bookings.rows.values() if one.contact != NOBODY]
    assert (stays, done.left) == ([broken], {broken: "ValueError"})
    assert done.gone[Kept.UNPAID_BOOKINGS] == 4
    assert sorted(tried) == sorted(cart.id for cart in carts)  # each once
    acts = [row.act.after for row in house.database.staff_acts.rows.values()]
    assert acts == [{"unpaid_bookings": 2}, {"unpaid_bookings": 2}]


async def test_given_a_booking_that_somebody_holds_when_swept_then_the_others_go(
    house: CustomerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts = [await store_unpaid(house) for _ in range(3)]
    later(house, house.terms.retention.unpaid_bookings + DAY)
    break_erasure(monkeypatch, {carts[0].id}, DatabaseUnavailableError("waited too long"))

    done = await sweep_all(house.ports, house.terms, limit=2, most=100)

    assert done.left == {carts[0].id: "database_unavailable"}
    assert done.gone[Kept.UNPAID_BOOKINGS] == 2


async def test_given_a_database_that_went_away_when_swept_then_the_sweep_ends(
    house: CustomerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts = [await store_unpaid(house) for _ in range(4)]
    later(house, house.terms.retention.unpaid_bookings + DAY)
    everyone = {cart.id for cart in carts}
    tried = break_erasure(monkeypatch, everyone, DatabaseUnavailableError("it is gone"))

    with pytest.raises(DatabaseUnavailableError):
        await sweep_all(house.ports, house.terms, limit=2, most=100)

    assert len(tried) == 2


async def test_given_a_kind_that_is_broken_off_when_swept_then_what_went_before_is_on_record(
    house: CustomerHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts = [await store_unpaid(house) for _ in range(4)]
    later(house, house.terms.retention.unpaid_bookings + DAY)
    held = set(sorted(cart.id for cart in carts)[2:])
    break_erasure(monkeypatch, held, DatabaseUnavailableError("waited too long"))

    with pytest.raises(DatabaseUnavailableError):
        await sweep_all(house.ports, house.terms, limit=2, most=100, by="maria")

    [act] = [row.act for row in house.database.staff_acts.rows.values()]
    gone = [one.id for one in house.database.bookings.rows.values() if one.contact == NOBODY]
    assert (act.staff_name, (act.after or {})["unpaid_bookings"]) == ("maria", len(gone))
    assert len(gone) == 2


async def test_given_a_cart_revived_since_it_was_found_when_erased_then_it_stays_as_it_is(
    house: CustomerHouse,
) -> None:
    cart = await store_unpaid(house)
    async with house.ports.unit_of_work() as uow:
        await uow.bookings.save(cart.revive(at=PICKUP_AT))
        await uow.commit()

    done = await erase_past_booking(cart.id, Kept.UNPAID_BOOKINGS, house.ports, house.terms, by=BY)

    assert done is False
    assert house.database.bookings.rows[cart.id].contact == cart.contact


async def test_given_nothing_about_people_when_swept_then_only_what_staff_did_goes_on_record(
    house: CustomerHouse,
) -> None:
    await swept(house)
    await swept(house, by="root")

    (act,) = [row.act for row in house.database.staff_acts.rows.values()]
    assert (act.staff_name, act.description) == ("root", "past their time: nothing")


async def test_given_other_terms_when_swept_then_they_decide(house: CustomerHouse) -> None:
    await store_over(house)
    later(house, 200 * DAY)
    shorter = replace(house.terms, retention=RetentionTerms(bookings=199 * DAY, messages=99 * DAY))

    kept = await sweep_kept(house.ports, house.terms, limit=9, most=9)
    gone = await sweep_kept(house.ports, shorter, limit=9, most=9)

    assert (kept.gone[Kept.BOOKINGS], gone.gone[Kept.BOOKINGS]) == (0, 1)


async def test_given_a_refund_asked_for_after_it_was_found_when_erased_then_its_person_stays(
    house: CustomerHouse,
) -> None:
    booking = await store_over(house)
    later(house, house.terms.retention.bookings + DAY)
    async with house.ports.unit_of_work() as uow:
        (payment,) = await uow.payments.of_booking(booking.id)
        await uow.refunds.add(replace(a_refund(payment), status=RefundStatus.REQUESTED))
        await uow.commit()

    done = await erase_past_booking(booking.id, Kept.BOOKINGS, house.ports, house.terms, by=BY)

    assert not done
    assert house.database.bookings.rows[booking.id].contact == booking.contact

"""Everybody who may call, and things of customer A's to call for, in a house in memory."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import httpx

from tests.builders import DEFAULT_BOOK, a_message, a_refund
from tests.contracts.courier_rows import a_task
from tests.core.bookings.account_holder import keep_address, keep_card, order_of_customer
from tests.core.customers.customer_house import CustomerHouse, a_customer_with_password
from tests.core.documents.sample_files import a_png
from tests.core.staff.staffing import PASSWORD
from tests.core.webhooks.subscribing import subscribe
from tests.http.service import examples_in
from totetaxi_adapters.memory.cards import PAYS
from totetaxi_core.bookings.book import book
from totetaxi_core.customers.begin_setup import begin_setup
from totetaxi_core.customers.customer import Customer
from totetaxi_core.discount_codes.manage_codes import create_code
from totetaxi_core.documents.document import COURIER, DocumentKind
from totetaxi_core.documents.keep_document import keep_document
from totetaxi_core.notifications.deliver_message import remember_refusal
from totetaxi_core.notifications.message import MessageState
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_core.staff.flag import Flag
from totetaxi_core.staff.manage_staff import disable_staff
from totetaxi_core.staff.permission import Rights
from totetaxi_core.staff.role import Role
from totetaxi_core.webhooks.send_again import send_test_event

ANONYMOUS: Final = "anonymous"
CUSTOMER_A: Final = "customer A"
CUSTOMER_B: Final = "customer B"
DISABLED: Final = "disabled staff"
CODE: Final = "VIP10"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Whose access token is whose, in the order they call: who owns the thing comes last."""

    tokens: Mapping[str, str]
    staff: Mapping[str, Rights]

    def __iter__(self) -> Iterator[str]:
        return iter((ANONYMOUS, *self.tokens))

    def headers(self, name: str) -> dict[str, str]:
        token = self.tokens.get(name)
        return {} if token is None else {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Things:
    """What a path or a body names."""

    booking_id: UUID
    booking_number: str
    customer_id: UUID
    address_id: UUID
    payment_method_id: UUID
    refund_id: UUID
    member_id: UUID
    document_id: UUID
    task_id: UUID
    webhook_id: UUID
    event_id: UUID
    message_id: UUID
    refused_address_id: UUID
    payment_intent_id: str
    setup_intent_id: str
    service_id: UUID = DEFAULT_BOOK.organizing_services[0].id
    blade_service_id: UUID = DEFAULT_BOOK.blade_services[0].id
    book_version: int = 1
    section: str = "surcharge-rules"
    entry_id: UUID = DEFAULT_BOOK.surcharge_rules[0].id
    code: str = CODE
    zip_code: str = "10021"
    plan_on: str = "2026-12-01"
    name: str = "revenue"

    def path(self, template: str) -> str:
        return re.sub(r"{(\w+)}", lambda name: str(getattr(self, name[1])), template)

    def query(self, operation: Mapping[str, Any]) -> dict[str, str]:
        """Return the examples of what must be asked with."""
        parameters = operation.get("parameters", ())
        asked = (one for one in parameters if one["in"] == "query" and one["required"])
        return {one["name"]: str(one["example"]) for one in asked}

    def body(self, operation: Mapping[str, Any], **otherwise: object) -> Mapping[str, Any] | None:
        """Return the operation's own example, about these things; None where it takes no body."""
        if "requestBody" not in operation:
            return None
        example: dict[str, Any] = dict(examples_in(operation["requestBody"]["content"])[0])
        ours = {name: str(getattr(self, name)) for name in example if name in self.__slots__}
        return example | ours | otherwise


async def things_of(customer: Customer, house: CustomerHouse) -> Things:
    """Give the customer an unpaid booking, an address and a card; another's refund waits."""
    booked = await book(order_of_customer(customer), house.ports, house.terms)
    booking, intent = booked.booking, booked.intent
    assert intent is not None
    address = await keep_address(house, customer)
    card = await keep_card(house, customer, PAYS)
    setup = await begin_setup(customer.id, house.ports)
    house.cards.confirm_setup(setup.id, PAYS)
    [payment] = house.payments(booking)
    refund = replace(a_refund(payment), status=RefundStatus.REQUESTED, requested_by="maria")
    message = replace(a_message(booking=booking), state=MessageState.UNKNOWN)
    async with house.ports.unit_of_work() as uow:
        await uow.refunds.add(refund)
        await uow.messages.add(message)
        await uow.commit()
    # Of a kind that nobody may remove: each may try, and the next finds it all the same.
    proof = await keep_document(
        booking.id,
        DocumentKind.PROOF_OF_DELIVERY,
        a_png(),
        house.ports,
        content_type="image/png",
        file_name="door.png",
        uploaded_by=COURIER,
    )
    task = a_task(booking.id)  # it waits: a look at it asks nobody
    async with house.ports.unit_of_work() as uow:
        await uow.courier_tasks.add(task)
        await uow.commit()
    webhook_id = (await subscribe(house)).subscription.id
    event_id = await send_test_event(webhook_id, house.ports, staff_name="maria")
    member = await house.hire("member", Role.LOGISTICS, by=house.root)
    code = {"code": CODE, "kind": "percentage", "rate_bp": 1_000}
    await create_code(code, house.ports, reason="A code", by="maria")
    return Things(
        booking_id=booking.id,
        booking_number=booking.booking_number,
        customer_id=customer.id,
        address_id=address.id,
        payment_method_id=card.id,
        refund_id=refund.id,
        member_id=member.id,
        document_id=proof.id,
        task_id=task.id,
        webhook_id=webhook_id,
        event_id=event_id,
        message_id=message.id,
        refused_address_id=message.id,
        payment_intent_id=intent.id,
        setup_intent_id=setup.id,
    )


async def keep_refusal(things: Things, house: CustomerHouse) -> None:
    """Remember once more that an address refused: whoever came before may have taken it off."""
    async with house.ports.unit_of_work() as uow:
        message = await uow.messages.find(things.message_id)
        assert message is not None
        await remember_refusal(message, uow, at=house.clock())
        await uow.commit()


async def people_of(house: CustomerHouse, owner: Customer) -> People:
    """Log in everybody: customers, each role, each flag on the weakest role, an admin."""
    staff: dict[str, Rights] = {}
    for role in Role:
        if role is not Role.ADMIN:
            staff[role.value] = await house.hire(f"in.{role}", role, by=house.root)
    for flag in Flag:
        name = f"has.{flag}"
        staff[flag.value] = await house.hire(name, Role.LOGISTICS, flag, by=house.root)
    staff[Role.ADMIN.value] = house.root
    gone = await house.hire("gone", Role.ADMIN, by=house.root)
    tokens = {DISABLED: (await house.log_in(gone.username)).access_token}
    await disable_staff(gone.username, house.ports, by=house.root)
    other = await house.take_in(a_customer_with_password("bea@example.com"))
    for name, account in staff.items():
        tokens[name] = (await house.log_in(account.username)).access_token
    for name, customer in ((CUSTOMER_B, other), (CUSTOMER_A, owner)):
        login = await house.log_in_customer(customer.email, PASSWORD)
        tokens[name] = login.access_token
    return People(tokens=tokens, staff=staff)


def outcome(answer: httpx.Response) -> str:
    """Return `in`, or the status of who was kept out; whatever else they are told is their own."""
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    if answer.status_code == 429:
        # After five wrong passwords in a row: kept out all the same.
        assert answer.json()["error_type"] == "account_locked"
        return "401"
    return str(answer.status_code) if answer.status_code in (401, 403, 404) else "in"

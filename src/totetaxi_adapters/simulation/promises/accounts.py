"""An account's saved cards are in order, and a deleted account leaves nobody behind."""

from collections.abc import Iterator
from uuid import UUID

from totetaxi_adapters.memory.card_wallet import CardWallet
from totetaxi_adapters.memory.database import MemoryDatabase
from totetaxi_adapters.simulation.promises.books import ACTIVE
from totetaxi_core.customers.customer import Customer
from totetaxi_core.customers.erasure import NOBODY
from totetaxi_core.notifications.message import MessageKind


def one_default_card(database: MemoryDatabase, customer_id: UUID) -> Iterator[str]:
    """Of the cards of an account one is the default, if there are any."""
    keys = database.payment_methods.keys_where("customer", customer_id)
    active = [database.payment_methods.rows[key] for key in keys]
    active = [each for each in active if each.is_active]
    defaults = sum(each.is_default for each in active)
    if defaults != (1 if active else 0):
        yield f"{defaults} of an account's {len(active)} cards are the default"


def nobody_is_left(database: MemoryDatabase, customer_id: UUID) -> Iterator[str]:
    """Of a deleted account no person, no card and no booking that is still to happen is left."""
    customer = database.customers.rows[customer_id]
    if customer.deleted_at is None:
        return
    if customer.email or customer.full_name or customer.phone or customer.password_hash:
        yield "a deleted account tells whose it was"
    if database.payment_methods.keys_where("customer", customer_id):
        yield "a deleted account has saved cards"
    for key in database.bookings.keys_where("customer", customer_id):
        booking = database.bookings.rows[key]
        if booking.status in ACTIVE or booking.contact != NOBODY:
            yield f"{booking.booking_number} of a deleted account tells whose it was"
        yield from _written_about(key, database)


def both_sides_agree_on_cards(database: MemoryDatabase, wallet: CardWallet) -> Iterator[str]:
    """The provider has the cards of live accounts, and no others of ours."""
    for stripe_id in wallet.customers():
        attached = {each.id for each in wallet.of_customer(stripe_id)}
        owners = [each for each in database.customers.rows.values() if _is_of(each, stripe_id)]
        known = {
            card.stripe_payment_method_id
            for owner in owners
            for card in database.payment_methods.rows.values()
            if card.customer_id == owner.id and card.is_active
        }
        if attached != known:
            yield f"{len(attached)} cards are attached at the provider, {len(known)} on record"


def _is_of(customer: Customer, stripe_id: str) -> bool:
    return customer.deleted_at is None and customer.stripe_customer_id == stripe_id


def _written_about(booking_id: UUID, database: MemoryDatabase) -> Iterator[str]:
    """Staff hear of refunds and disputes still: they are told a number, and no name."""
    for message in database.messages.rows.values():
        if message.booking_id == booking_id and message.kind is not MessageKind.STAFF_ALERT:
            yield "a message to whoever deleted their account is kept"

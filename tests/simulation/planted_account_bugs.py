"""Bugs of reschedules and of accounts, each as a patch on the sound application."""

import pytest

from tests.simulation.planted_bugs import do_nothing
from totetaxi_adapters.memory.traces import MemoryTraces
from totetaxi_core.bookings import slot
from totetaxi_core.bookings.reschedule_offer import RescheduleOffer
from totetaxi_core.customers import save_cards
from totetaxi_core.customers.payment_method import PaymentMethod
from totetaxi_core.unit_of_work import UnitOfWork


def old_slot_not_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A booking that moves keeps the crew of where it was."""
    monkeypatch.setattr(slot, "release_beyond", do_nothing)


def moved_without_the_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dearer slot is given for the price of the old one."""

    def none_to_pay(offer: RescheduleOffer) -> int:
        return min(0, offer.quote.total_cents - offer.booking.total_cents)

    monkeypatch.setattr(RescheduleOffer, "difference_cents", property(none_to_pay))


def two_default_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that is preferred from now on leaves the former default what it was."""

    async def choose(method: PaymentMethod, uow: UnitOfWork) -> PaymentMethod:
        chosen = method.with_default(is_default=True)
        await uow.payment_methods.save(chosen)
        return chosen

    monkeypatch.setattr(save_cards, "_make_default", choose)


def traces_outlive_the_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account is deleted, and its cards and letters are not."""
    monkeypatch.setattr(MemoryTraces, "forget", do_nothing)

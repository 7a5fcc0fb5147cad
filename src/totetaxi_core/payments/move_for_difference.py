"""Move a booking to the slot for which the difference has just been paid.

Source: docs/payments.md, "A reschedule".
"""

from totetaxi_core.bookings.booking import Booking
from totetaxi_core.bookings.moved_booking import moved_booking
from totetaxi_core.bookings.owed_by_booking import owe_reschedule
from totetaxi_core.bookings.reschedule import Reschedule, RescheduleState
from totetaxi_core.bookings.slot import Slot, move_crew, release_beyond
from totetaxi_core.payments.payment import Payment
from totetaxi_core.ports import Ports, Terms
from totetaxi_core.scheduling.crews import SlotUnavailableError
from totetaxi_core.scheduling.terms_now import terms_now
from totetaxi_core.unit_of_work import UnitOfWork
from totetaxi_core.webhooks.announce import announce
from totetaxi_core.webhooks.event_type import EventType


class MovingForDifference:
    """One locked booking, in an open transaction."""

    def __init__(self, booking: Booking, ports: Ports, terms: Terms, uow: UnitOfWork) -> None:
        self.booking, self.terms, self.uow = booking, terms, uow
        self.ids, self.now = ports.ids, ports.clock()

    async def apply(self, payment: Payment) -> Booking | None:
        """Return the booking, moved and saved; None where the money has to go back.

        That is so when the booking has changed, a pickup is due, or, of a reschedule that had
        ended, when its crews are gone or another waits. One that was pending ends then.
        """
        reschedule = await self.uow.reschedules.of_payment(payment.id)
        if reschedule is None or reschedule.state is RescheduleState.DONE:
            return None
        is_held = reschedule.state is RescheduleState.PENDING
        if not is_held and await self.uow.reschedules.pending_of(self.booking.id) is not None:
            return None  # what that one holds is reckoned from where the booking is now
        if not reschedule.fits(self.booking, at=self.now):
            if is_held:
                await self.end(reschedule)
            return None
        moved = await self._moved(reschedule)
        old, new = self._slots(reschedule)
        if is_held:
            await release_beyond(self.uow.crews, old, new)
        elif not await self._takes_crew_again(old, new):
            return None
        await self.uow.bookings.save(moved)
        await announce(self.uow, EventType.BOOKING_RESCHEDULED, moved, at=self.now)
        await self.uow.reschedules.save(reschedule.done(at=self.now))
        await owe_reschedule(
            self.uow.outbox,
            self.ids,
            moved,
            zone=self.terms.zone,
            paid_cents=reschedule.difference_cents,
            at=self.now,
        )
        return moved

    async def end(self, reschedule: Reschedule) -> Reschedule:
        """End a pending one: its crews are free, the booking stays where it is."""
        old, new = self._slots(reschedule)
        await release_beyond(self.uow.crews, new, old)
        ended = reschedule.end(at=self.now)
        await self.uow.reschedules.save(ended)
        return ended

    def _slots(self, reschedule: Reschedule) -> tuple[Slot, Slot]:
        return Slot.of(self.booking), Slot.of(reschedule)

    async def _moved(self, reschedule: Reschedule) -> Booking:
        return await moved_booking(
            self.booking,
            reschedule.quote,
            self.uow,
            pickup_at=reschedule.pickup_at,
            crew_day_ends_at=reschedule.crew_day_ends_at,
            at=self.now,
        )

    async def _takes_crew_again(self, old: Slot, new: Slot) -> bool:
        schedule = (await terms_now(self.uow, self.terms)).schedule
        try:
            await move_crew(self.uow.crews, old, new, schedule)
        except SlotUnavailableError:
            return False
        return True

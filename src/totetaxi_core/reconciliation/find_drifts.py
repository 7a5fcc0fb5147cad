"""Compare what we have on a booking with what Stripe has: two pictures in, differences out."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from totetaxi_core.price_book import CancellationTerms
from totetaxi_core.reconciliation.booking_drifts import booking_drifts
from totetaxi_core.reconciliation.booking_record import BookingRecord
from totetaxi_core.reconciliation.drift import Drift
from totetaxi_core.reconciliation.payment_drifts import payment_drifts
from totetaxi_core.reconciliation.provider_picture import ProviderPicture
from totetaxi_core.reconciliation.refund_drifts import refund_drifts

GRACE = timedelta(minutes=5)  # what Stripe has just done is on its way to us
SENDING = timedelta(minutes=15)  # longer than the outbox rests between two tries


def find_drifts(
    record: BookingRecord,
    picture: ProviderPicture,
    terms: Mapping[int, CancellationTerms],
    *,
    now: datetime,
) -> tuple[Drift, ...]:
    """Return every difference; what was not asked of Stripe raises nothing.

    `terms` has the cancellation terms of the record's version of the price book. Differences of
    the last few minutes are no drifts yet.
    """
    return (
        *payment_drifts(record, picture, settled_before=now - GRACE),
        *refund_drifts(record, picture, settled_before=now - GRACE, sent_before=now - SENDING),
        *booking_drifts(record, terms),
    )

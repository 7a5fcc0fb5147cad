"""Rows that say more than the entity they hold."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from totetaxi_core.outbox.owed_effect import OwedEffect
from totetaxi_core.price_book import PriceBook
from totetaxi_core.price_book.published_version import PublishedVersion, SourceText
from totetaxi_core.reconciliation.drift import Drift


class CodeUse(NamedTuple):
    """A discount code's use; it is filed under its booking, which has one at most."""

    code_id: UUID
    email_key: str


class OwedRow(NamedTuple):
    """`job_at` is when the effect got its latest job; None when it has had none."""

    effect: OwedEffect
    job_at: datetime | None


class PublishedBook(NamedTuple):
    book: PriceBook
    known: PublishedVersion
    source: SourceText | None


class ReceivedEvent(NamedTuple):
    kind: str
    received_at: datetime


class OpenDrift(NamedTuple):
    """`found_at` is when it was found first."""

    drift: Drift
    found_at: datetime

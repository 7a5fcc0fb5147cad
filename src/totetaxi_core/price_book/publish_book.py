"""Publish a price book: at once, or to come into effect at an instant.

Source: docs/pricing.md, "Changing prices"; docs/adr/0016-a-price-book-that-waits.md.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from totetaxi_core.ports import Ports
from totetaxi_core.price_book.diff_books import diff_books
from totetaxi_core.price_book.price_book import PriceBook
from totetaxi_core.price_book.published_version import PublishedVersion, SourceText
from totetaxi_core.price_book.publishing_desk import PublishingDesk
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_core.staff.staff_act import Facts, StaffAct

WITHDRAWN: Final = "price_book_withdrawn"
MAX_REASON: Final = 500
MOST_CHANGES_TOLD: Final = 20


class Publishing(StrEnum):
    """What brings a new version about."""

    EDIT = "edit"
    ROLLBACK = "rollback"
    ENTRY_ADDED = "entry_added"
    ENTRY_CHANGED = "entry_changed"
    ENTRY_RETIRED = "entry_retired"
    BLADE_SERVICE_CREATED = "blade_service_created"
    BLADE_SERVICE_CHANGED = "blade_service_changed"
    BLADE_SERVICE_RETIRED = "blade_service_retired"
    DISCOUNT_CODE_CREATED = "discount_code_created"
    DISCOUNT_CODE_CHANGED = "discount_code_changed"


ACT_NAMES: Final[Mapping[Publishing, str]] = {
    Publishing.EDIT: "price_book_published",
    Publishing.ROLLBACK: "price_book_rolled_back",
    Publishing.ENTRY_ADDED: "price_book_entry_added",
    Publishing.ENTRY_CHANGED: "price_book_entry_changed",
    Publishing.ENTRY_RETIRED: "price_book_entry_retired",
    Publishing.BLADE_SERVICE_CREATED: "blade_service_created",
    Publishing.BLADE_SERVICE_CHANGED: "blade_service_changed",
    Publishing.BLADE_SERVICE_RETIRED: "blade_service_retired",
    Publishing.DISCOUNT_CODE_CREATED: "discount_code_created",
    Publishing.DISCOUNT_CODE_CHANGED: "discount_code_changed",
}


async def publish_book(
    document: object,
    ports: Ports,
    *,
    based_on: int,
    reason: str,
    by: str,
    effective_at: datetime | None = None,
    source: SourceText | None = None,
    publishing: Publishing = Publishing.EDIT,
) -> PriceBook:
    """Publish a document as the next version, in effect at once or from an aware instant on.

    `based_on` is the version it was made from: the one in effect, or the one that waits, which it
    then replaces. What is changed at once while another version waits is carried onto that one.
    `source` is the file it was read from.

    Raises:
        InvalidInputError: bad fields, no reason, an instant that is past, or nothing changed.
        PriceBookConflictError: it was made from another version, or the one that waits changes the
            same.
    """
    reason = checked_reason(reason)
    async with ports.unit_of_work() as uow:
        await uow.price_books.lock()
        now = ports.clock()
        desk = await PublishingDesk.open(uow, now=now, starts_at=effective_at, by=by, reason=reason)
        base, book = desk.read(document, ports, based_on=based_on)
        published = await desk.publish(book, base=base, source=source)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=by,
                action_type=ACT_NAMES[publishing],
                description=f"published price book {published.version}: {reason}",
                booking_id=None,
                created_at=now,
                subject=f"price_book:{published.version}",
                before={"version": base.version, "digest": base.digest},
                after=_facts(base, published, starts_at=effective_at, reason=reason),
            )
        )
        await uow.commit()
    return published


async def check_publishing(
    document: object,
    ports: Ports,
    *,
    based_on: int,
    reason: str,
    effective_at: datetime | None = None,
) -> None:
    """Refuse what `publish_book` would refuse now, and store nothing.

    Raises:
        InvalidInputError: bad fields, no reason, an instant that is past, or nothing changed.
        PriceBookConflictError: it was made from another version, or the one that waits changes the
            same.
    """
    reason = checked_reason(reason)
    async with ports.unit_of_work() as uow:
        desk = await PublishingDesk.open(
            uow, now=ports.clock(), starts_at=effective_at, by="", reason=reason
        )
        base, book = desk.read(document, ports, based_on=based_on)
        desk.carried(book, base=base)


async def withdraw_book(version: int, ports: Ports, *, reason: str, by: str) -> PublishedVersion:
    """Take back a version that waits; return what is known of it.

    Raises:
        InvalidInputError: no reason is given.
        PriceBookNotWaitingError: it does not wait.
    """
    reason = checked_reason(reason)
    async with ports.unit_of_work() as uow:
        await uow.price_books.lock()
        now = ports.clock()
        await uow.price_books.withdraw(version, by=by, at=now, reason=reason)
        withdrawn = await uow.price_books.published(version)
        await uow.staff_acts.add(
            StaffAct(
                id=ports.ids.new_id(),
                staff_name=by,
                action_type=WITHDRAWN,
                description=f"took back price book {version}: {reason}",
                booking_id=None,
                created_at=now,
                subject=f"price_book:{version}",
                before={"version": version, "effective_at": withdrawn.effective_at.isoformat()},
                after={"reason": reason},
            )
        )
        await uow.commit()
    return withdrawn


def checked_reason(reason: str) -> str:
    """Return the reason without blanks around it.

    Raises:
        InvalidInputError: there is none, or it is too long.
    """
    reason = reason.strip()
    if not 1 <= len(reason) <= MAX_REASON:
        message = f"must be 1 to {MAX_REASON} characters: it goes on record"
        raise InvalidInputError([FieldFault(field="reason", code="bad_length", message=message)])
    return reason


def _facts(
    base: PriceBook, published: PriceBook, *, starts_at: datetime | None, reason: str
) -> Facts:
    changes = [change.sentence for change in diff_books(base, published)]
    told = " ".join(changes[:MOST_CHANGES_TOLD])
    return {
        "version": published.version,
        "digest": published.digest,
        "effective_at": None if starts_at is None else starts_at.isoformat(),
        "reason": reason,
        "changes": told,
        "changes_count": len(changes),
    }

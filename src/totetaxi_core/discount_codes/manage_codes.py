"""Make a discount code, limit it, pause it: each a new version of the price book, on record.

Source: docs/pricing.md, "Discounts"; docs/adr/0022-codes-by-todays-limit-pages-by-their-bytes.md.
"""

from totetaxi_core.discount_codes.known_code import KnownCode
from totetaxi_core.discount_codes.read_codes import look_up_code
from totetaxi_core.ports import Ports
from totetaxi_core.price_book.edit_price_book import edit_price_book
from totetaxi_core.price_book.entry_edit import EntryEdit, adding, changing
from totetaxi_core.price_book.publish_book import Publishing
from totetaxi_core.price_book.sections import BookSection, Entry

SECTION = BookSection.DISCOUNT_CODES


async def create_code(
    entry: Entry, ports: Ports, *, reason: str, by: str, based_on: int | None = None
) -> KnownCode:
    """Add a code to the book in effect, and to the one that waits if one does.

    Raises:
        InvalidInputError: names every bad field.
        EntryExistsError: there is a code of this text, perhaps paused.
        PriceBookConflictError: `based_on` is given and is another version by now.
    """
    return await _publish(
        adding(SECTION, entry),
        ports,
        act=Publishing.DISCOUNT_CODE_CREATED,
        reason=reason,
        by=by,
        based_on=based_on,
    )


async def change_code(
    word: str,
    changes: Entry,
    ports: Ports,
    *,
    reason: str,
    by: str,
    based_on: int | None = None,
) -> KnownCode:
    """Change fields of a code; null takes a limit or date away.

    Bookings keep what they were given: a use is not taken back by a lower limit, and a price that
    was quoted before a code was paused is honored for as long as its quote token lives.

    Raises:
        EntryNotFoundError: there is no such code.
        InvalidInputError: names every bad field, or nothing changes.
        PriceBookConflictError: `based_on` is given and is another version by now, or a version
            that waits changes the same.
    """
    return await _publish(
        changing(SECTION, word, changes),
        ports,
        act=Publishing.DISCOUNT_CODE_CHANGED,
        reason=reason,
        by=by,
        based_on=based_on,
    )


async def _publish(
    edit: EntryEdit,
    ports: Ports,
    *,
    act: Publishing,
    reason: str,
    by: str,
    based_on: int | None,
) -> KnownCode:
    await edit_price_book(edit, ports, based_on=based_on, reason=reason, by=by, act=act)
    return await look_up_code(edit.entry_id, ports)

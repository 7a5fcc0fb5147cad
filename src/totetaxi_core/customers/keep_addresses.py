"""Keep addresses: add, change, remove and choose the default; count what bookings use.

A customer's row is locked first: two writers of one list come one after the other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from totetaxi_core.customers.live_account import lock_account
from totetaxi_core.customers.saved_address import (
    LONGEST_NICKNAME,
    MOST,
    AddressEntry,
    AddressSavedAlreadyError,
    SavedAddress,
    TooManySavedAddressesError,
)
from totetaxi_core.geography.address import Address
from totetaxi_core.ids import IdSource
from totetaxi_core.page import Page, Place, page_of
from totetaxi_core.ports import Ports
from totetaxi_core.unit_of_work import UnitOfWork

Revise = Callable[[AddressEntry], AddressEntry]


@dataclass(frozen=True, slots=True)
class KeptAddress:
    """The address as it now stands; `is_new` is False when its door was saved before."""

    saved: SavedAddress
    is_new: bool


async def add_address(customer_id: UUID, entry: AddressEntry, ports: Ports) -> KeptAddress:
    """Save an address. The same door again is the same address, newly described.

    Raises:
        TooManySavedAddressesError: the list is full.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        known = await _locked(customer_id, uow)
        twin = _same_door(entry.address, known)
        if twin is not None:
            kept = await _store(twin.change(entry, at=now), known, uow, at=now)
        else:
            if len(known) >= MOST:
                raise TooManySavedAddressesError
            kept = await _begin(customer_id, entry, known, uow, ports.ids, at=now)
        await uow.commit()
    return KeptAddress(kept, is_new=twin is None)


async def change_address(
    customer_id: UUID, address_id: UUID, revise: Revise, ports: Ports
) -> SavedAddress:
    """Change an address to what `revise` makes of it.

    Raises:
        SavedAddressNotFoundError: the customer has no such address.
        AddressSavedAlreadyError: another of theirs is that door.
    """
    now = ports.clock()
    async with ports.unit_of_work() as uow:
        known = await _locked(customer_id, uow)
        saved = await uow.saved_addresses.get(customer_id, address_id)
        changed = saved.change(revise(saved.entry), at=now)
        twin = _same_door(changed.address, (each for each in known if each.id != saved.id))
        if twin is not None:
            raise AddressSavedAlreadyError(twin)
        await _store(changed, known, uow, at=now)
        await uow.commit()
    return changed


async def remove_address(customer_id: UUID, address_id: UUID, ports: Ports) -> None:
    """Remove an address from the list; no other becomes the default in its place.

    Raises:
        SavedAddressNotFoundError: the customer has no such address.
    """
    async with ports.unit_of_work() as uow:
        await lock_account(customer_id, uow)
        saved = await uow.saved_addresses.get(customer_id, address_id)
        await uow.saved_addresses.save(saved.remove(at=ports.clock()))
        await uow.commit()


async def look_up_address(customer_id: UUID, address_id: UUID, ports: Ports) -> SavedAddress:
    """Return an address of the customer's.

    Raises:
        SavedAddressNotFoundError: the customer has no such address.
    """
    async with ports.unit_of_work() as uow:
        return await uow.saved_addresses.get(customer_id, address_id)


async def list_addresses(
    customer_id: UUID,
    ports: Ports,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int,
) -> Page[SavedAddress]:
    """Return at most `limit` addresses, the newest, or next to a place."""
    async with ports.unit_of_work() as uow:
        found = await uow.saved_addresses.page(
            customer_id, before=before, after=after, limit=limit + 1
        )
    return page_of(found, before=before, after=after, limit=limit)


async def use_saved_address(
    customer_id: UUID, address_id: UUID, uow: UnitOfWork, *, at: datetime
) -> Address:
    """Count one use in the caller's transaction, and return where it is.

    It locks the customer: to price an order by the address before that,
    `uow.saved_addresses.get` reads it without.

    Raises:
        SavedAddressNotFoundError: the customer has no such address.
    """
    await lock_account(customer_id, uow)
    saved = await uow.saved_addresses.get(customer_id, address_id)
    await uow.saved_addresses.save(saved.used(at=at))
    return saved.address


async def keep_booked_address(
    customer_id: UUID, address: Address, uow: UnitOfWork, ids: IdSource, *, at: datetime
) -> SavedAddress | None:
    """Keep an address that a booking was made with, as used once, in the caller's transaction.

    It is named by its street. A door saved before counts one use and stays as it is described;
    when the list is full nothing is kept, and None returned: the booking matters more.
    """
    known = await _locked(customer_id, uow)
    saved = _same_door(address, known)
    if saved is None:
        if len(known) >= MOST:
            return None
        entry = AddressEntry(nickname=address.address_line_1[:LONGEST_NICKNAME], address=address)
        saved = await _begin(customer_id, entry, known, uow, ids, at=at)
    used = saved.used(at=at)
    await uow.saved_addresses.save(used)
    return used


async def _locked(customer_id: UUID, uow: UnitOfWork) -> tuple[SavedAddress, ...]:
    """Return the customer's active addresses, with nobody else writing them."""
    await lock_account(customer_id, uow)
    return await uow.saved_addresses.of_customer(customer_id)


def _same_door(address: Address, known: Iterable[SavedAddress]) -> SavedAddress | None:
    return next((each for each in known if each.address.door == address.door), None)


async def _begin(
    customer_id: UUID,
    entry: AddressEntry,
    known: Iterable[SavedAddress],
    uow: UnitOfWork,
    ids: IdSource,
    *,
    at: datetime,
) -> SavedAddress:
    if entry.is_default:
        await _demote(known, uow, at=at)
    saved = SavedAddress(
        id=ids.new_id(),
        customer_id=customer_id,
        nickname=entry.nickname,
        address=entry.address,
        is_default=entry.is_default,
        created_at=at,
        updated_at=at,
    )
    await uow.saved_addresses.add(saved)
    return saved


async def _store(
    changed: SavedAddress, known: Iterable[SavedAddress], uow: UnitOfWork, *, at: datetime
) -> SavedAddress:
    if changed.is_default:
        await _demote((each for each in known if each.id != changed.id), uow, at=at)
    await uow.saved_addresses.save(changed)
    return changed


async def _demote(others: Iterable[SavedAddress], uow: UnitOfWork, *, at: datetime) -> None:
    """Leave no default among the others, before another becomes it."""
    for each in others:
        if each.is_default:
            await uow.saved_addresses.save(replace(each, is_default=False, updated_at=at))

"""Change one's own profile. The e-mail address is the login, and stays."""

from dataclasses import dataclass, fields, replace
from typing import Final
from uuid import UUID

from totetaxi_core.customers.customer import Customer, PreferredPickupTime
from totetaxi_core.customers.live_account import lock_account
from totetaxi_core.ports import Ports


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChanges:
    """What is None stays. `phone` is E.164, or empty to have none."""

    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    preferred_pickup_time: PreferredPickupTime | None = None
    email_notifications: bool | None = None
    sms_notifications: bool | None = None


EDITABLE: Final = tuple(field.name for field in fields(ProfileChanges))


async def edit_profile(customer_id: UUID, changes: ProfileChanges, ports: Ports) -> Customer:
    """Store the changes and return the account as it now stands.

    Raises:
        InvalidTokenError: it was deleted meanwhile.
    """
    said = {name: getattr(changes, name) for name in EDITABLE}
    said = {name: fact for name, fact in said.items() if fact is not None}
    async with ports.unit_of_work() as uow:
        customer = await lock_account(customer_id, uow)
        changed = replace(customer, **said)
        if changed != customer:
            changed = replace(changed, updated_at=ports.clock())
            await uow.customers.save(changed)
            await uow.commit()
    return changed

"""The `expand` parameter: ids in an answer replaced by their objects."""

from collections.abc import Iterable
from typing import Final

from totetaxi_adapters.sandbox.stripe.account import Account
from totetaxi_adapters.sandbox.stripe.refusal import Json, invalid_request

EXPANDABLE: Final = ("latest_charge", "charge", "payment_intent")
LISTED: Final = "data."


async def expand(account: Account, body: Json, names: Iterable[str]) -> Json:
    """Return the object with these properties expanded.

    Raises:
        StripeRefusal: a property is none we can expand.
    """
    return (await _expand_all(account, [body], tuple(names)))[0]


async def expand_listed(account: Account, bodies: list[Json], names: Iterable[str]) -> list[Json]:
    """Return a page with these properties (`data.latest_charge`) of each object expanded."""
    inner = []
    for name in names:
        if not name.startswith(LISTED):
            raise _not_expandable(name)
        inner.append(name.removeprefix(LISTED))
    return await _expand_all(account, bodies, tuple(inner))


async def _expand_all(account: Account, bodies: list[Json], names: tuple[str, ...]) -> list[Json]:
    for name in names:
        if name not in EXPANDABLE or any(name not in body for body in bodies):
            raise _not_expandable(name)
    ids = {body[name] for body in bodies for name in names if body[name]}
    objects = await account.find_all(ids) if ids else {}
    return [body | {name: objects.get(body[name]) for name in names} for body in bodies]


def _not_expandable(name: str) -> Exception:
    return invalid_request(f"This property cannot be expanded ({name}).", param="expand")

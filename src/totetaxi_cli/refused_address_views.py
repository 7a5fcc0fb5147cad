"""Addresses that refused, on the terminal."""

from collections.abc import Iterable

import attrs

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import print_json, print_table
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.notifications.refused_address import RefusedAddress
from totetaxi_core.notifications.send_again import forget_refusal
from totetaxi_http.schemas.refused_address import RefusedAddressResponse


@attrs.frozen(kw_only=True)
class RefusedAddressListResponse:
    results: tuple[RefusedAddressResponse, ...]


def list_to_terminal(*, limit: int, as_json: bool) -> None:
    """Print the addresses that refused."""

    async def job(wiring: Wiring) -> tuple[RefusedAddress, ...]:
        async with wiring.ports.unit_of_work() as uow:
            return await uow.refused_addresses.page(limit=limit)

    _print(run(job), as_json=as_json)


def forget_to_terminal(address: str, *, staff: str, as_json: bool) -> None:
    """Let messages go to an address again, and print what was remembered of it.

    Raises:
        PermissionDeniedError: staff may not.
        AddressNotRefusedError: it is not among them.
    """

    async def job(wiring: Wiring, staff_name: str) -> tuple[RefusedAddress, ...]:
        return await forget_refusal(address, wiring.ports, staff_name=staff_name)

    removed = run(as_staff(staff, StaffCommand.MESSAGES_ADDRESSES_FORGET, job))
    _print(removed, as_json=as_json)


def _print(found: Iterable[RefusedAddress], *, as_json: bool) -> None:
    results = tuple(RefusedAddressResponse.from_refused(one) for one in found)
    if as_json:
        print_json(RefusedAddressListResponse(results=results))
        return
    print_table(
        ("address", "by", "refused (UTC)", "reason"),
        (
            (one.address, one.channel, f"{one.refused_at:%Y-%m-%d %H:%M}", one.reason)
            for one in results
        ),
        empty="No address refuses what is sent to it.",
    )

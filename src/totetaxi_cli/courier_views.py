"""The courier's drivers, and what it tells us of, on the terminal."""

from collections.abc import Sequence
from typing import Self

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run_with_stripe
from totetaxi_cli.onfleet_check import missing_kinds, webhook_url
from totetaxi_cli.output import print_json, print_table
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.logistics.courier_gateway import CourierWebhook, CourierWorker
from totetaxi_core.logistics.register_webhooks import register_webhooks


@attrs.frozen(kw_only=True)
class WorkerEntry:
    id: str
    name: str
    is_on_duty: bool


@attrs.frozen(kw_only=True)
class WorkersResponse:
    results: tuple[WorkerEntry, ...]


@attrs.frozen(kw_only=True)
class CourierWebhookEntry:
    id: str
    kind: str
    url: str
    is_enabled: bool


@attrs.frozen(kw_only=True)
class CourierWebhooksResponse:
    """`url` is ours; `missing` are the kinds of which it is not told."""

    url: str
    missing: tuple[str, ...]
    results: tuple[CourierWebhookEntry, ...]

    @classmethod
    def of(cls, webhooks: Sequence[CourierWebhook], *, url: str) -> Self:
        return cls(
            url=url,
            missing=missing_kinds(webhooks, url),
            results=tuple(
                CourierWebhookEntry(
                    id=one.id, kind=one.kind, url=one.url, is_enabled=one.is_enabled
                )
                for one in webhooks
            ),
        )


def workers_to_terminal(*, as_json: bool) -> None:
    """Print the drivers.

    Raises:
        CourierUnavailableError, CourierMisconfiguredError: no answer.
    """

    async def job(wiring: Wiring) -> tuple[CourierWorker, ...]:
        return await wiring.ports.couriers.list_workers()

    results = tuple(
        WorkerEntry(id=one.id, name=one.name, is_on_duty=one.is_on_duty)
        for one in run_with_stripe(job)
    )
    if as_json:
        print_json(WorkersResponse(results=results))
        return
    rows = ((one.id, one.name, "yes" if one.is_on_duty else "no") for one in results)
    print_table(("driver", "name", "on duty"), rows, empty="Onfleet knows no driver.")


def webhooks_to_terminal(*, as_json: bool) -> None:
    """Print what is registered at the courier's.

    Raises:
        CourierUnavailableError, CourierMisconfiguredError: no answer.
    """

    async def job(wiring: Wiring) -> CourierWebhooksResponse:
        webhooks = await wiring.ports.couriers.list_webhooks()
        return CourierWebhooksResponse.of(webhooks, url=webhook_url(wiring.settings))

    _print_webhooks(run_with_stripe(job), as_json=as_json)


def register_to_terminal(*, staff: str, as_json: bool) -> None:
    """Register what is missing, and print what is registered then.

    Raises:
        PermissionDeniedError: staff may not.
        CourierRefusedError: our address does not answer as the courier asks.
        CourierUnavailableError, CourierMisconfiguredError: no answer.
    """

    async def job(wiring: Wiring, staff_name: str) -> CourierWebhooksResponse:
        url = webhook_url(wiring.settings)
        webhooks = await register_webhooks(url, wiring.ports, staff_name=staff_name)
        return CourierWebhooksResponse.of(webhooks, url=url)

    told = run_with_stripe(as_staff(staff, StaffCommand.DISPATCH_WEBHOOKS, job))
    _print_webhooks(told, as_json=as_json)


def _print_webhooks(told: CourierWebhooksResponse, *, as_json: bool) -> None:
    if as_json:
        print_json(told)
        return
    rows = ((one.id, one.kind, one.url, "yes" if one.is_enabled else "no") for one in told.results)
    print_table(("webhook", "kind", "url", "enabled"), rows, empty="Onfleet has no webhook.")
    if told.missing:
        typer.echo(f"{told.url} is not told of {', '.join(told.missing)}: see --register")
    else:
        typer.echo(f"{told.url} is told of every change")

"""Refunds on the terminal."""

from uuid import UUID

import attrs
import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import money, print_facts, print_json, print_table
from totetaxi_core.payments.list_refunds import ListedRefund, RefundPage, list_refunds
from totetaxi_core.payments.refund import RefundStatus
from totetaxi_http.schemas.refund import RefundResponse


@attrs.frozen(kw_only=True)
class RefundListResponse:
    """`next` is the id to ask on from, with --after; null at the end."""

    results: tuple[RefundResponse, ...]
    next: UUID | None


def list_to_terminal(
    *, status: RefundStatus | None, limit: int, after: UUID | None, as_json: bool
) -> None:
    """Print a page of refunds.

    Raises:
        RefundNotFoundError: no refund has the id `after`.
    """

    async def job(wiring: Wiring) -> RefundPage:
        return await list_refunds(wiring.ports, status=status, after=after, limit=limit)

    page = run(job)
    if as_json:
        results = tuple(_response(one) for one in page.refunds)
        print_json(RefundListResponse(results=results, next=page.next_after))
        return
    print_table(
        (
            *("refund", "status", "amount", "booking", "reason"),
            *("asked by", "decided by", "asked (UTC)"),
        ),
        (_row(one) for one in page.refunds),
        right=frozenset({"amount"}),
        empty="There is no such refund.",
    )
    if page.next_after is not None:
        typer.echo(f"older ones: --after {page.next_after}")


def show_to_terminal(listed: ListedRefund, *, as_json: bool) -> None:
    """Print one refund."""
    if as_json:
        print_json(_response(listed))
        return
    refund = listed.refund
    print_facts(
        [
            ("refund", refund.id),
            ("status", refund.status),
            ("amount", money(refund.amount_cents)),
            ("booking", listed.booking_number),
            ("reason", refund.reason),
            ("asked by", refund.requested_by),
            ("decided by", refund.decided_by),
        ]
    )


def _response(listed: ListedRefund) -> RefundResponse:
    return RefundResponse.from_refund(listed.refund, booking_number=listed.booking_number)


def _row(listed: ListedRefund) -> tuple[object, ...]:
    refund = listed.refund
    return (
        refund.id,
        refund.status,
        money(refund.amount_cents),
        listed.booking_number,
        refund.reason,
        refund.requested_by,
        refund.decided_by,
        f"{refund.created_at:%Y-%m-%d %H:%M}",
    )

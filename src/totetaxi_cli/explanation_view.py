"""Why a booking costs what it costs, on the terminal."""

from collections.abc import Iterable
from typing import Final

import typer

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.output import money, print_json, print_table
from totetaxi_cli.price_quote import print_lines
from totetaxi_core.bookings.explain_booking import BookingExplanation, explain_booking
from totetaxi_core.pricing.condition import Condition
from totetaxi_core.pricing.explain_price import Outcome, RuleFinding
from totetaxi_http.schemas.explanation import ExplanationResponse

FAR: Final = frozenset({Condition.IS_ACTIVE, Condition.SERVICE_TYPE})
WORDS: Final = {
    Outcome.CHARGED: "charged",
    Outcome.BEATEN: "beaten",
    Outcome.ADDS_NOTHING: "adds nothing",
    Outcome.NOT_MATCHED: "no",
}


def explain_to_terminal(number: str, *, all_rules: bool, as_json: bool) -> None:
    """Print the lines of a booking's price, and what became of each surcharge rule.

    Raises:
        BookingNotFoundError: there is no booking of this number.
    """

    async def job(wiring: Wiring) -> BookingExplanation:
        return await explain_booking(number, wiring.ports)

    explanation = run(job)
    if as_json:
        print_json(ExplanationResponse.of(explanation))
        return
    priced = explanation.booking.quote
    typer.echo(
        f"{explanation.booking.booking_number}, priced with price book {priced.price_book_version}"
    )
    print_lines(priced.lines, total_cents=priced.total_cents)
    shown = [one for one in explanation.rules if all_rules or one.failed not in FAR]
    _print_rules(shown)
    hidden = len(explanation.rules) - len(shown)
    if hidden:
        typer.echo(f"{hidden} more rules are inactive or for other services: --all shows them.")


def _print_rules(findings: Iterable[RuleFinding]) -> None:
    print_table(
        ("rule", "charged", "amount", "why"),
        [
            (
                one.rule.slug,
                WORDS[one.outcome],
                money(one.amount_cents) if one.outcome is Outcome.CHARGED else None,
                one.reason,
            )
            for one in findings
        ],
        title="Surcharge rules",
        right=frozenset({"amount"}),
        empty="No surcharge rule is for this service.",
    )

"""Price what the options say."""

import attrs

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import run
from totetaxi_cli.order_body import preview_fields, structured
from totetaxi_cli.order_options import PricingOptions
from totetaxi_cli.output import money, print_facts, print_json, print_table
from totetaxi_core.pricing import QuoteLine
from totetaxi_core.pricing.preview_price import PricePreview, preview_price
from totetaxi_http.schemas.fault_names import faults_as_sent
from totetaxi_http.schemas.preview import PreviewBody, PreviewResponse


def quote_price(options: PricingOptions, *, as_json: bool) -> None:
    """Print the price.

    Raises:
        InvalidInputError: the faults that HTTP would answer.
    """

    async def job(wiring: Wiring) -> PricePreview:
        book = wiring.current_book.book
        body: PreviewBody = structured(preview_fields(options, book), PreviewBody, wiring)
        with faults_as_sent(attrs.asdict(body, recurse=False)):
            return await preview_price(
                body.request(), book, wiring.ports, wiring.terms, email=body.email
            )

    preview = run(job)
    if as_json:
        print_json(PreviewResponse.from_preview(preview))
        return
    print_lines(preview.quote.lines, total_cents=preview.quote.total_cents)
    refused = ", ".join(preview.refusal_codes)
    print_facts(
        [
            ("bookable", f"no: {refused}" if refused else "yes, while a crew is left"),
            ("price book", f"version {preview.quote.price_book_version}"),
            ("valid until", f"{preview.expires_at:%Y-%m-%d %H:%M} UTC with this token"),
            ("quote token", preview.quote_token),
        ]
    )


def print_lines(lines: tuple[QuoteLine, ...], *, total_cents: int) -> None:
    """Print a table of the lines with their total."""
    print_table(
        ("kind", "code", "what", "quantity", "amount"),
        [
            *(
                (line.kind, line.code, line.label, line.quantity, money(line.amount_cents))
                for line in lines
            ),
            ("total", "", "", "", money(total_cents)),
        ],
        right=frozenset({"quantity", "amount"}),
    )

"""One named amount of a quote."""

from dataclasses import dataclass
from uuid import UUID

from totetaxi_core.pricing.line_kind import LineKind


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """`rule_id` is the id of whatever made the line: package, item, service, rule, tax, code.

    It is None for the book's own fees. `unit_cents` times `quantity` is the amount where pieces or
    addresses are counted; `rate_bp` is set where the amount is a share.
    """

    kind: LineKind
    code: str
    label: str
    amount_cents: int
    rule_id: UUID | None = None
    quantity: int = 1
    unit_cents: int | None = None
    rate_bp: int | None = None

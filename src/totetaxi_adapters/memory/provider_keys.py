"""Idempotency keys as the payment provider keeps them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from totetaxi_core.clock import Clock
from totetaxi_core.payments.gateway import PaymentDeclinedError, PaymentMisconfiguredError

KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCall:
    """What was asked first under a key, and the id of what it made or the text of its refusal."""

    order: object
    at: datetime
    made_id: str | None
    refusal: str | None


class ProviderKeys:
    """The first answer of each key, for 24 h; refusals for good are answers too."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._first: dict[str, FirstCall] = {}

    def once(self, key: str, order: object, act: Callable[[], str]) -> str:
        """Return the id that the key's first call made, calling `act` if this is the first.

        Raises:
            PaymentDeclinedError: the first call was refused.
            PaymentMisconfiguredError: the first call asked for something else.
        """
        first = self._first.get(key)
        if first is None or self._clock() - first.at >= KEPT:
            first = self._first[key] = self._call(order, act)
        if first.order != order:
            raise PaymentMisconfiguredError(f"the key {key} was used for another order")
        if first.made_id is None:
            raise PaymentDeclinedError(first.refusal)
        return first.made_id

    def _call(self, order: object, act: Callable[[], str]) -> FirstCall:
        made_id: str | None = None
        refusal: str | None = None
        try:
            made_id = act()
        except PaymentDeclinedError as error:
            refusal = str(error)
        return FirstCall(order=order, at=self._clock(), made_id=made_id, refusal=refusal)

"""What Stripe says of our account: whether the key is good, and which webhooks it has."""

from fnmatch import fnmatchcase
from typing import Final

import attrs
import stripe

from totetaxi_adapters.stripe.connection import StripeConnection
from totetaxi_adapters.stripe.failures import refusal_of
from totetaxi_adapters.stripe.payloads import structure

MOST: Final = 100  # Stripe allows sixteen
ENABLED: Final = "enabled"


@attrs.frozen(kw_only=True)
class WebhookEndpoint:
    """An address that Stripe tells of events; `enabled_events` may be patterns, such as `*`."""

    url: str
    status: str
    enabled_events: list[str]

    @property
    def is_enabled(self) -> bool:
        return self.status == ENABLED

    def tells_of(self, kind: str) -> bool:
        return any(fnmatchcase(kind, pattern) for pattern in self.enabled_events)


class StripeOwnAccount:
    """Reads, over the payment gateway's connection, which that one closes."""

    def __init__(self, connection: StripeConnection) -> None:
        self._connection = connection

    async def check(self) -> None:
        """Ask for the balance, which changes nothing.

        Raises:
            PaymentUnavailableError, PaymentMisconfiguredError: no answer, or not with this key.
        """
        try:
            await self._connection.call(lambda client: client.v1.balance.retrieve_async())
        except stripe.InvalidRequestError as error:
            raise refusal_of(error) from error

    async def endpoints(self) -> tuple[WebhookEndpoint, ...]:
        """Return the account's webhook endpoints.

        Raises:
            PaymentUnavailableError, PaymentMisconfiguredError: no answer, or not with this key.
        """
        try:
            answer = await self._connection.call(
                lambda client: client.v1.webhook_endpoints.list_async({"limit": MOST})
            )
        except stripe.InvalidRequestError as error:
            raise refusal_of(error) from error
        return tuple(structure(one, WebhookEndpoint) for one in answer.data)

"""The port to the client systems that subscribe to our events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from totetaxi_core.refusal import DomainError


class SubscriberUnavailableError(DomainError):
    """The subscriber did not answer in time; the event may have arrived."""

    code = "subscriber_unavailable"


class SubscriberAddressError(DomainError):
    """The address is not one we call: private, loopback, not https, or unknown."""

    code = "subscriber_address_refused"
    field = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberAnswer:
    """Any answer, a redirect as it is; `text` is the beginning of its body."""

    status: int
    text: str = ""


class SubscriberGateway(Protocol):
    """Calls subscribers; never inside a transaction."""

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> SubscriberAnswer:
        """Send the body and return the answer, which is waited for at most 10 s.

        Raises:
            SubscriberUnavailableError: there is none.
            SubscriberAddressError: the address leads, by now, where we do not call.
        """
        ...

    async def check(self, url: str) -> None:
        """Look the address up.

        Raises:
            SubscriberAddressError: we would not call it.
        """
        ...

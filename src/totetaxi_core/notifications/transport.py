"""The ports by which messages leave the house."""

from typing import Protocol

from totetaxi_core.notifications.message import Message
from totetaxi_core.refusal import DomainError


class MessageNotSentError(DomainError):
    """It was certainly not sent, and may be later: a full mailbox, a server that is away."""

    code = "message_not_sent"


class MessageRefusedError(DomainError):
    """It was certainly not sent and never will be.

    `address_is_bad` where it is the addressee's address that is at fault, or wants nothing of us:
    no other message would arrive there either.
    """

    code = "message_refused"

    def __init__(self, reason: str, *, address_is_bad: bool = False) -> None:
        super().__init__(reason)
        self.address_is_bad = address_is_bad


class MessageOutcomeUnknownError(DomainError):
    """It may have been sent: the answer was lost. Nobody sends it again blindly."""

    code = "message_outcome_unknown"


class MessageTransport(Protocol):
    """Delivers one message whose tokens are put in, its HTML and calendar entry made from it.

    It takes less than a minute, whatever the other side does.
    """

    async def send(self, message: Message) -> str:
        """Deliver and return the provider's id of it.

        Raises:
            MessageNotSentError: not sent; try again later.
            MessageRefusedError: not sent; do not try again.
            MessageOutcomeUnknownError: perhaps sent.
        """
        ...

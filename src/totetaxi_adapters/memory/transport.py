"""The port by which messages leave, without a network."""

from totetaxi_core.notifications.message import Message
from totetaxi_core.notifications.transport import MessageOutcomeUnknownError
from totetaxi_core.refusal import DomainError


class MemoryTransport:
    """Keeps what was sent. `plan` makes the next sends fail; one that fails unknown was sent.

    While `dies` is set, whoever sends is killed by it: before, or after the message has left.
    """

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.dies: BaseException | None = None
        self.dies_after_sending = False
        self._planned: list[DomainError | None] = []

    def plan(self, *failures: DomainError | None) -> None:
        """Let the next sends fail, one each; None lets one pass."""
        self._planned.extend(failures)

    def plan_nothing(self) -> None:
        """Let whatever is sent from now on pass."""
        self._planned.clear()

    async def send(self, message: Message) -> str:
        if self.dies is not None and not self.dies_after_sending:
            raise self.dies
        failure = self._planned.pop(0) if self._planned else None
        if failure is None or isinstance(failure, MessageOutcomeUnknownError):
            self.sent.append(message)
        if self.dies is not None:
            raise self.dies
        if failure is not None:
            raise failure
        return f"memory-{len(self.sent)}"

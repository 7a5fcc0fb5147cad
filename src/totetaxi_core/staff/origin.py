"""From where a member of staff acts."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

MOST_SHOWN_AGENT = 300


class Channel(StrEnum):
    CLI = "cli"
    HTTP = "http"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """`staff_id` is None for whoever has not logged in; the address and agent are HTTP's."""

    channel: Channel
    staff_id: UUID | None = None
    ip_address: str | None = None
    user_agent: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "user_agent", self.user_agent[:MOST_SHOWN_AGENT])

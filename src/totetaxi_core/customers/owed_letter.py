"""Letters about an account, owed by what happened to it."""

from datetime import datetime
from uuid import UUID

from totetaxi_core.ids import IdSource
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.outbox.owed_effect import EffectKind, OwedEffect
from totetaxi_core.outbox.owing import owed

ABOUT = "about_id"


def owed_letter(kind: MessageKind, about_id: UUID, ids: IdSource, *, at: datetime) -> OwedEffect:
    """Return the effect; `about_id` is the registration's, the reset's or the customer's."""
    return owed(
        ids,
        EffectKind.SEND_MESSAGE,
        f"{kind}:{about_id}:{at.isoformat()}",
        at=at,
        payload={"message_kind": kind, ABOUT: str(about_id)},
    )

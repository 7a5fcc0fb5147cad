"""Makes owed effects."""

from collections.abc import Mapping
from datetime import datetime

from totetaxi_core.ids import IdSource
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState, OwedEffect


def owed(
    ids: IdSource,
    kind: EffectKind,
    cause: str,
    *,
    at: datetime,
    payload: Mapping[str, str],
    state: EffectState = EffectState.DUE,
) -> OwedEffect:
    """Return a new effect; its cause is told apart from that of other kinds."""
    return OwedEffect(
        id=ids.new_id(),
        kind=kind,
        cause=f"{kind}:{cause}",
        payload=payload,
        state=state,
        created_at=at,
        due_at=at,
    )

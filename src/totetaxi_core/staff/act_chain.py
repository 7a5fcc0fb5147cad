"""The chain of staff acts: each row's digest covers the one before, so that no edit is quiet."""

import json
from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256

from totetaxi_core.staff.act_link import ActLink, ChainHead
from totetaxi_core.staff.staff_act import RecordedAct, StaffAct


def chained(act: StaffAct, *, after: ChainHead, salt: str) -> RecordedAct:
    """Return the act, linked to the end of the chain. `salt` is drawn anew for each."""
    values_digest = digest_of_values(act, salt=salt)
    link = ActLink(
        position=after.position + 1,
        salt=salt,
        values_digest=values_digest,
        previous_digest=after.digest,
        digest=digest_of(act, values_digest=values_digest, previous_digest=after.digest),
    )
    return RecordedAct(act=act, link=link)


def digest_of_values(act: StaffAct, *, salt: str) -> str:
    """Return the digest of what can be erased; without the salt nobody can guess it back."""
    before = None if act.before is None else dict(act.before)
    after = None if act.after is None else dict(act.after)
    return _digest(salt, [act.description, act.ip_address, act.user_agent, before, after])


def digest_of(act: StaffAct, *, values_digest: str, previous_digest: str) -> str:
    """Return the digest of what stays for ever."""
    facts = [
        str(act.id),
        act.staff_name,
        act.action_type,
        _text(act.booking_id),
        act.created_at.astimezone(UTC).isoformat(),
        _text(act.staff_id),
        _text(act.customer_id),
        act.subject,
        act.is_refused,
        act.channel,
        values_digest,
    ]
    return _digest(previous_digest, facts)


def is_as_recorded(recorded: RecordedAct) -> bool:
    """Tell whether an act's digests are its own; one that is erased has no value left."""
    act, link = recorded.act, recorded.link
    if link.salt is None:
        if act != act.erased():
            return False
    elif digest_of_values(act, salt=link.salt) != link.values_digest:
        return False
    return link.digest == digest_of(
        act, values_digest=link.values_digest, previous_digest=link.previous_digest
    )


def _text(value: object | None) -> str | None:
    return None if value is None else str(value)


def _digest(prefix: str, facts: Iterable[object]) -> str:
    text = json.dumps(list(facts), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(f"{prefix}\n{text}".encode()).hexdigest()

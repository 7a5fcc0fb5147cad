"""Letters from the house to its own staff, written from what their effect carries."""

from collections.abc import Callable, Mapping
from datetime import datetime

from totetaxi_core.notifications.letter import Letter
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.ports import Terms

Facts = Mapping[str, str]


def write_house_letter(kind: MessageKind, facts: Facts, terms: Terms) -> Letter:
    """Write the letter from what its effect carries."""
    subject, body = HOUSE_LETTERS[kind](facts, terms)
    return Letter(to=terms.staff_email, subject=subject, text=body)


def _worker_stopped(facts: Facts, terms: Terms) -> tuple[str, str]:
    """Tell of `since`, an instant as ISO 8601; absent when no worker was ever seen."""
    since = facts.get("since")
    if since is None:
        seen = "No worker has ever shown a sign of life"
    else:
        local = datetime.fromisoformat(since).astimezone(terms.zone)
        seen = f"The worker's last sign of life was at {local:%H:%M:%S} on {local:%B} {local.day}"
    body = (
        f"{seen}. Until one works again, no hold ends, no lost webhook is made good, and mail and "
        "refunds wait; nothing of that is lost.\n\n"
        "Start `totetaxi worker`, or `totetaxi serve`, and look with `totetaxi doctor`."
    )
    return "The worker has stopped", body


def _drift_found(facts: Facts, _terms: Terms) -> tuple[str, str]:
    """Tell of a difference between our records and Stripe's that only a person can mend."""
    kind = facts["drift"].replace("_", " ")
    of = facts.get("booking_number") or "a booking that we do not have"
    body = (
        f"{of}: {facts['detail']}. It was not mended: {facts.get('note', 'look at it')}.\n\n"
        "`totetaxi reconcile` shows what still differs; docs/reconciliation.md says what to do."
    )
    return f"Money differs ({kind}): {of}", body


HOUSE_LETTERS: dict[MessageKind, Callable[[Facts, Terms], tuple[str, str]]] = {
    MessageKind.WORKER_STOPPED: _worker_stopped,
    MessageKind.DRIFT_FOUND: _drift_found,
}

"""Letters from the house to its own staff, written from what their effect carries."""

from collections.abc import Callable, Mapping
from datetime import datetime

from totetaxi_core.notifications.letter import Draft, Letter, letter_to_staff
from totetaxi_core.notifications.message import MessageKind
from totetaxi_core.ports import Terms

Facts = Mapping[str, str]


def write_house_letter(kind: MessageKind, facts: Facts, terms: Terms) -> Letter:
    """Write the letter from what its effect carries."""
    return letter_to_staff(HOUSE_LETTERS[kind](facts, terms), terms)


def _worker_stopped(facts: Facts, terms: Terms) -> Draft:
    """Tell of `since`, an instant as ISO 8601; absent when no worker was ever seen."""
    since = facts.get("since")
    if since is None:
        seen = "No worker has ever shown a sign of life"
    else:
        local = datetime.fromisoformat(since).astimezone(terms.zone)
        seen = (
            f"The worker's last sign of life was at {local:%H:%M:%S %Z} on {local:%B} {local.day}"
        )
    body = (
        f"{seen}. Until one works again, what is paid is not confirmed, no hold ends, and courier "
        "tasks, mail and refunds wait; nothing of that is lost.\n\n"
        "Start `totetaxi worker`, or `totetaxi serve`, and look with `totetaxi doctor`."
    )
    return "The worker has stopped", body


def _drift_found(facts: Facts, _terms: Terms) -> Draft:
    """Tell of a difference from Stripe's or the courier's records that only a person can mend."""
    what = "Drive differs" if "task" in facts["drift"] else "Money differs"
    kind = facts["drift"].replace("_", " ")
    of = facts.get("booking_number") or "a booking that we do not have"
    body = (
        f"{of}: {facts['detail']}. It was not mended: {facts.get('note', 'look at it')}.\n\n"
        "`totetaxi reconcile` shows what still differs; docs/reconciliation.md says what to do."
    )
    return f"{what} ({kind}): {of}", body


def _webhook_paused(facts: Facts, _terms: Terms) -> tuple[str, str]:
    """Tell of a client system that we stopped calling; `reason` is why."""
    is_gone = facts["reason"] == "gone"
    why = "it answered 410 Gone" if is_gone else "it has failed for three days without a success"
    body = (
        f"{facts['url']} is not called any more: {why}. What it is owed is kept.\n\n"
        "Look at it with `totetaxi webhooks deliveries "
        f"{facts['webhook_id']}`; once it works again, `totetaxi webhooks resume` it."
    )
    return f"Webhook paused: {facts['url']}", body


HOUSE_LETTERS: dict[MessageKind, Callable[[Facts, Terms], Draft]] = {
    MessageKind.WORKER_STOPPED: _worker_stopped,
    MessageKind.DRIFT_FOUND: _drift_found,
    MessageKind.WEBHOOK_PAUSED: _webhook_paused,
}

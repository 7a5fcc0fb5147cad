"""The registration of webhooks: one trigger, one address, which has to prove itself."""

import secrets
from http import HTTPStatus
from typing import Final

import httpx

from totetaxi_adapters.sandbox.onfleet.events import WEBHOOK, Trigger
from totetaxi_adapters.sandbox.onfleet.fields import Asked
from totetaxi_adapters.sandbox.onfleet.ids import new_id
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import INVALID_WEBHOOK, Answer, Json, invalid

KNOWN: Final = ("url", "name", "trigger", "threshold", "canReceiveConnectionEvents")
# Of the routes, workers and messages: known there, never sent by this server.
OTHER_TRIGGERS: Final = frozenset({*range(14, 21), *range(22, 31)})
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
TIMEOUT_S: Final = 5.0


async def create_webhook(organization: Organization, asked: Asked, _: str) -> Answer:
    """Register once more, also where trigger and address are known: then both are sent to."""
    fields = asked.fields(*KNOWN)
    trigger = fields.value("trigger")
    if type(trigger) is not int or trigger not in {*Trigger, *OTHER_TRIGGERS}:
        raise invalid("Invalid webhook trigger")
    url = fields.required_text("url")
    await _shake_hands(url)
    webhook = {
        "id": new_id(),
        "count": 0,
        "url": url,
        "name": fields.required_text("name"),
        "trigger": trigger,
        "isEnabled": True,
    }
    if "threshold" in fields:
        webhook["threshold"] = fields.number("threshold", default=0)
    await organization.add(WEBHOOK, webhook)
    return Answer(HTTPStatus.OK, webhook)


async def list_webhooks(organization: Organization, _: Asked, __: str) -> Answer:
    return Answer(HTTPStatus.OK, await organization.select(WEBHOOK))


async def delete_webhook(organization: Organization, _: Asked, webhook_id: str) -> Answer:
    webhook: Json = await organization.find(WEBHOOK, webhook_id)
    await organization.remove(WEBHOOK, webhook["id"])
    return Answer(HTTPStatus.OK)


async def _shake_hands(url: str) -> None:
    """Ask the address to repeat a text.

    Raises:
        OnfleetRefusal: it does not, exactly and as plain text, or has no certificate.
    """
    check = secrets.token_urlsafe(16)
    try:
        asked = httpx.URL(url)
        if asked.scheme != "https" and asked.host not in LOOPBACK:
            raise invalid("Webhook URL must be https", error=INVALID_WEBHOOK)
        async with httpx.AsyncClient(timeout=TIMEOUT_S, trust_env=False) as http:
            answer = await http.get(asked.copy_merge_params({"check": check}))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise invalid("Webhook URL failed validation", error=INVALID_WEBHOOK) from error
    kind = answer.headers.get("content-type", "").partition(";")[0].strip()
    if (answer.status_code, answer.text, kind) != (HTTPStatus.OK, check, "text/plain"):
        raise invalid("Webhook URL failed validation", error=INVALID_WEBHOOK)

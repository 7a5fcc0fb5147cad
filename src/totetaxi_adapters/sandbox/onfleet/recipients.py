"""Recipients: one for each phone, renamed by whoever names it anew."""

from http import HTTPStatus
from typing import Final

import phonenumbers

from totetaxi_adapters.sandbox.onfleet.fields import Asked, Fields
from totetaxi_adapters.sandbox.onfleet.ids import ORGANIZATION, new_id
from totetaxi_adapters.sandbox.onfleet.metadata import changed_metadata, read_metadata
from totetaxi_adapters.sandbox.onfleet.organization import Organization
from totetaxi_adapters.sandbox.onfleet.refusal import (
    INVALID_PHONE,
    Answer,
    Json,
    invalid,
    missing,
    not_unique,
)

KIND: Final = "recipient"
KNOWN: Final = (
    "name",
    "phone",
    "notes",
    "skipSMSNotifications",
    "skipPhoneNumberValidation",
    "useLongCodeForText",
    "metadata",
)
CHANGEABLE: Final = ("name", "notes", "skipSMSNotifications", "useLongCodeForText", "metadata")


async def create_recipient(organization: Organization, asked: Asked, _: str) -> Answer:
    fields = asked.fields(*KNOWN)
    recipient = _read(organization, fields)
    if await _of_phone(organization, recipient["phone"]):
        raise not_unique("phone", recipient["phone"])
    await organization.add(KIND, recipient)
    return Answer(HTTPStatus.OK, recipient)


async def retrieve_recipient(organization: Organization, _: Asked, recipient_id: str) -> Answer:
    return Answer(HTTPStatus.OK, await organization.find(KIND, recipient_id))


async def update_recipient(organization: Organization, asked: Asked, recipient_id: str) -> Answer:
    fields = asked.fields(*CHANGEABLE)
    recipient = await organization.find(KIND, recipient_id, lock=True)
    _rename(organization, recipient, fields)
    await organization.save(recipient)
    return Answer(HTTPStatus.OK, recipient)


async def recipient_of_phone(organization: Organization, asked: Asked, phone: str) -> Answer:
    skips = asked.query.get("skipPhoneNumberValidation") == "true"
    found = await _of_phone(organization, _e164(phone, skips=skips))
    if found is None:
        raise missing(f"No recipient has the phone {phone}")
    return Answer(HTTPStatus.OK, found)


async def recipient_of_name(organization: Organization, _: Asked, name: str) -> Answer:
    found = await organization.select(KIND, "lower(body->>'name') = lower(%s)", name)
    if not found:
        raise missing(f"No recipient has the name {name}")
    return Answer(HTTPStatus.OK, found[0])


async def recipients_of(organization: Organization, values: list[object]) -> list[str]:
    """Return the ids of those named or described: none or one.

    Whoever has the phone already gets the new name and notes, for everyone.

    Raises:
        OnfleetRefusal: there is no such recipient, or its phone is none.
    """
    if len(values) > 1:
        raise invalid("recipients must hold at most one recipient")
    return [await _recipient_of(organization, value) for value in values]


async def _recipient_of(organization: Organization, value: object) -> str:
    if isinstance(value, str):
        return str((await organization.find(KIND, value))["id"])
    fields = Fields(value, where="recipient")
    fields.refuse_unknown(KNOWN)
    described = _read(organization, fields)
    known = await _of_phone(organization, described["phone"])
    if known is None:
        await organization.add(KIND, described)
        return str(described["id"])
    _rename(organization, known, fields)
    await organization.save(known)
    return str(known["id"])


def _read(organization: Organization, fields: Fields) -> Json:
    phone = _e164(fields.required_text("phone"), skips=fields.flag("skipPhoneNumberValidation"))
    return {
        "id": new_id(),
        "organization": ORGANIZATION,
        "name": fields.required_text("name"),
        "phone": phone,
        "notes": fields.text("notes") or "",
        "skipSMSNotifications": fields.flag("skipSMSNotifications"),
        "metadata": read_metadata(fields.listed("metadata")),
        "timeCreated": organization.now_ms // 1_000 * 1_000,
        "timeLastModified": organization.now_ms,
    }


def _rename(organization: Organization, recipient: Json, fields: Fields) -> None:
    if "name" in fields:
        recipient["name"] = fields.required_text("name")
    if "notes" in fields:
        recipient["notes"] = fields.text("notes") or ""
    if "skipSMSNotifications" in fields:
        recipient["skipSMSNotifications"] = fields.flag("skipSMSNotifications")
    if "metadata" in fields:
        recipient["metadata"] = changed_metadata(recipient["metadata"], fields.value("metadata"))
    recipient["timeLastModified"] = organization.now_ms


async def _of_phone(organization: Organization, phone: str) -> Json | None:
    """Return who has the phone; until commit nobody else gets or changes it."""
    await organization.connection.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('sandbox.onfleet:' || %s, 0))", (phone,)
    )
    found = await organization.select(KIND, "body->>'phone' = %s", phone)
    return found[0] if found else None


def _e164(phone: str, *, skips: bool) -> str:
    """Return the number as Onfleet keeps it: one without a plus is American."""
    if skips and phone.startswith("+"):
        return phone
    try:
        number = phonenumbers.parse(phone, "US")
    except phonenumbers.NumberParseException as error:
        raise invalid("Invalid phone number format", error=INVALID_PHONE) from error
    if not phonenumbers.is_valid_number(number):
        raise invalid("Invalid phone number format", error=INVALID_PHONE)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

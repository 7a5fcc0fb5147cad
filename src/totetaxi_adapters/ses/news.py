"""What a notice of SES says became of a mail."""

import json
from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

import attrs
import cattrs

from totetaxi_adapters.mail.one_line import one_line
from totetaxi_adapters.mail.sender import OUR_ID
from totetaxi_core.notifications.delivery_news import DeliveryNews, Fate

PERMANENT: Final = "Permanent"
# The reader says that it was put among the unwanted by mistake.
WANTED: Final = "not-spam"
MAX_ID: Final = 200


@attrs.frozen(kw_only=True)
class HeaderPayload:
    name: str
    value: str


@attrs.frozen(kw_only=True)
class MailPayload:
    """`headers` are the mail's own; a notice of an identity has them only where it is told to."""

    messageId: str  # noqa: N815  SES's own name
    headers: tuple[HeaderPayload, ...] = ()

    @property
    def our_id(self) -> UUID | None:
        """The id of our message; None where the notice does not have it."""
        for header in self.headers:
            if header.name.lower() == OUR_ID.lower():
                try:
                    return UUID(header.value.strip())
                except ValueError:
                    return None
        return None


@attrs.frozen(kw_only=True)
class RecipientPayload:
    emailAddress: str  # noqa: N815
    status: str | None = None
    diagnosticCode: str | None = None  # noqa: N815


@attrs.frozen(kw_only=True)
class BouncePayload:
    bounceType: str  # noqa: N815
    bounceSubType: str = ""  # noqa: N815
    bouncedRecipients: tuple[RecipientPayload, ...] = ()  # noqa: N815

    @property
    def reason(self) -> str:
        said = [one.diagnosticCode or one.status or "" for one in self.bouncedRecipients[:1]]
        return one_line(" ".join(["SES: bounced,", self.bounceSubType, *said]))


@attrs.frozen(kw_only=True)
class ComplaintPayload:
    complaintFeedbackType: str | None = None  # noqa: N815
    complaintSubType: str | None = None  # noqa: N815
    complainedRecipients: tuple[RecipientPayload, ...] = ()  # noqa: N815

    @property
    def reason(self) -> str:
        kind = self.complaintFeedbackType or self.complaintSubType or ""
        return one_line(f"SES: its reader complained of it {kind}")


@attrs.frozen(kw_only=True)
class NoticePayload:
    """Events have an `eventType`, what an identity is told a `notificationType`."""

    mail: MailPayload
    eventType: str = ""  # noqa: N815
    notificationType: str = ""  # noqa: N815
    bounce: BouncePayload | None = None
    complaint: ComplaintPayload | None = None

    def news(
        self, fate: Fate, reason: str = "", *, refusing: tuple[RecipientPayload, ...] = ()
    ) -> DeliveryNews:
        return DeliveryNews(
            message_id=self.mail.our_id,
            provider_id=self.mail.messageId[:MAX_ID],
            fate=fate,
            reason=reason,
            address_is_bad=bool(refusing),
            addresses=frozenset(one.emailAddress.lower() for one in refusing),
        )


CONVERTER: Final = cattrs.Converter()


def news_of(text: str) -> DeliveryNews | None:
    """Return what a notice tells; None when nothing of it matters to us.

    SES also says in plain words that a topic works; and it adds fields and kinds as it likes.
    """
    try:
        notice = CONVERTER.structure(json.loads(text), NoticePayload)
    except (ValueError, RecursionError, TypeError, cattrs.BaseValidationError):
        return None
    read = KINDS.get(notice.eventType or notice.notificationType)
    return None if read is None or not notice.mail.messageId else read(notice)


def _bounce(notice: NoticePayload) -> DeliveryNews | None:
    """Read a bounce. Only a permanent one is sure: others come of absence notes too."""
    bounce = notice.bounce
    if bounce is None or bounce.bounceType != PERMANENT:
        return None
    return notice.news(Fate.FAILED, bounce.reason, refusing=bounce.bouncedRecipients)


def _complaint(notice: NoticePayload) -> DeliveryNews | None:
    complaint = notice.complaint
    if complaint is None or complaint.complaintFeedbackType == WANTED:
        return None
    return notice.news(Fate.FAILED, complaint.reason, refusing=complaint.complainedRecipients)


KINDS: Final[Mapping[str, Callable[[NoticePayload], DeliveryNews | None]]] = {
    "Send": lambda notice: notice.news(Fate.LEFT),
    "Delivery": lambda notice: notice.news(Fate.ARRIVED),
    "Reject": lambda notice: notice.news(Fate.FAILED, "SES: rejected what the mail says"),
    "Bounce": _bounce,
    "Complaint": _complaint,
}

"""A message as a mail: plain text first, then HTML, then what goes into the calendar."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from totetaxi_adapters.mail.calendar_file import calendar_file
from totetaxi_adapters.mail.html_letter import html_of
from totetaxi_adapters.mail.sender import OUR_ID, Sender
from totetaxi_core.notifications.message import Message

# Everything in seven bits: no server has to be able to do more.
POLICY: Final = SMTP.clone(cte_type="7bit")
CALENDAR_NAME: Final = "booking.ics"


def mime_of(message: Message, sender: Sender, *, at: datetime) -> EmailMessage:
    """Return the mail, dated at an aware instant; a header never holds a line of its own.

    Its Message-ID is the message's own: sent again, whoever has it already can tell.

    Raises:
        ValueError: a header or an address would be broken: nothing is cut out of it.
    """
    mail = EmailMessage(policy=POLICY)
    mail["From"] = sender.from_address
    # One address, or an error: text that is several of them would go to all.
    mail["To"] = Address(addr_spec=message.to)
    mail["Reply-To"] = sender.reply_to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{message.id}@{sender.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail[OUR_ID] = str(message.id)
    mail.set_content(message.text)
    mail.add_alternative(html_of(message), subtype="html")
    if message.calendar is not None:
        mail.add_attachment(
            calendar_file(message.calendar, sender.zone),
            maintype="text",
            subtype="calendar",
            filename=CALENDAR_NAME,
            params={"method": message.calendar.method, "charset": "utf-8"},
        )
    return mail

"""From whom our mails are."""

from datetime import tzinfo
from email.utils import parseaddr
from typing import Final

import attrs

OUR_ID: Final = "X-ToteTaxi-Message"
"""The header by which a mail says which message of ours it is: servers rename mails."""


@attrs.frozen(kw_only=True)
class Sender:
    """From whom our mails are, and where answers go. `zone` is the business's own."""

    from_address: str
    reply_to: str
    zone: tzinfo

    @property
    def address(self) -> str:
        """The address alone, without the name beside it."""
        return parseaddr(self.from_address)[1]

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2] or "localhost"

"""The SNS topic that SES_TOPIC_ARN names."""

import re
from typing import Final
from urllib.parse import SplitResult, parse_qs, urlsplit

import attrs

ARN: Final = re.compile(
    r"arn:aws(?:-us-gov)?:sns:(?P<region>[a-z]{2}(?:-[a-z]+)+-[0-9]):[0-9]{12}:[A-Za-z0-9_-]{1,256}"
)
SHAPE: Final = "must be like arn:aws:sns:us-east-1:123456789012:ses-notices"
# Nothing else at that host: an answer of its API may have a stranger's words in it.
CERTIFICATE: Final = re.compile(r"/SimpleNotificationService-[0-9A-Za-z]{1,64}\.pem")


@attrs.frozen(kw_only=True)
class Topic:
    """`host` is the only one that is ever called: that of SNS in the topic's own region."""

    arn: str
    host: str

    @classmethod
    def parse(cls, arn: str) -> "Topic":
        """Read SES_TOPIC_ARN.

        Raises:
            ValueError: it is written otherwise.
        """
        found = ARN.fullmatch(arn)
        if found is None:
            raise ValueError(SHAPE)
        return cls(arn=arn, host=f"sns.{found['region']}.amazonaws.com")

    def has_certificate(self, url: str) -> bool:
        """Tell whether SNS keeps what it signs with at this address."""
        address = f"https://{self.host}"
        return url.startswith(address) and bool(CERTIFICATE.fullmatch(url[len(address) :]))

    def confirms(self, url: str) -> bool:
        """Tell whether to visit this address confirms a subscription to the topic, no more."""
        parts = _split(url)
        if parts is None or (parts.scheme, parts.netloc, parts.path) != ("https", self.host, "/"):
            return False
        asked = parse_qs(parts.query)
        return asked.get("Action") == ["ConfirmSubscription"] and asked.get("TopicArn") == [
            self.arn
        ]


def _split(url: str) -> SplitResult | None:
    if not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None

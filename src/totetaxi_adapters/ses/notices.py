"""Reads what SNS brings us of SES: signed by Amazon, and of our own topic alone."""

import logging
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256, HashAlgorithm

from totetaxi_adapters.ses.certificates import Fetch, SigningCertificates, fetch
from totetaxi_adapters.ses.envelope import Envelope, EnvelopeType, envelope_of
from totetaxi_adapters.ses.news import news_of
from totetaxi_adapters.ses.topic import Topic
from totetaxi_core.clock import Clock
from totetaxi_core.notifications.delivery_news import DeliveryNews, NewsSignatureError

LOGGER = logging.getLogger(__name__)
# A topic signs with SHA-1 unless it is told otherwise.
HASHES: Final[Mapping[str, type[HashAlgorithm]]] = {"1": SHA1, "2": SHA256}


class SesNotices:
    """Believes what Amazon signed of one topic; `get` fetches from Amazon."""

    def __init__(self, topic: Topic, *, clock: Clock, get: Fetch = fetch) -> None:
        self._topic, self._get = topic, get
        self._certificates = SigningCertificates(topic, get=get, clock=clock)

    async def read(self, body: bytes) -> DeliveryNews | None:
        """Return what a call tells of a mail; None when nothing of it matters to us.

        To the question whether we want what the topic has, it answers yes.

        Raises:
            NewsSignatureError: it is not signed by Amazon, or of another topic.
            NewsUnverifiedError: Amazon cannot be asked just now.
        """
        envelope = envelope_of(body)
        if envelope.topic_arn != self._topic.arn:
            raise NewsSignatureError("the notice is of another topic")
        await self._require_signature(envelope)
        if envelope.type is EnvelopeType.NOTIFICATION:
            return news_of(envelope.message)
        if envelope.type is EnvelopeType.SUBSCRIPTION:
            await self._subscribe(envelope)
        else:
            LOGGER.warning("SNS tells nothing more of bounces: the subscription was ended")
        return None

    async def _require_signature(self, envelope: Envelope) -> None:
        algorithm = HASHES.get(envelope.signature_version)
        if algorithm is None:
            raise NewsSignatureError("the signature is of a version that nobody knows")
        key = await self._certificates.key(envelope.certificate_url)
        try:
            signature = b64decode(envelope.signature, validate=True)
            key.verify(signature, envelope.signed, PKCS1v15(), algorithm())
        except (InvalidSignature, Base64Error, ValueError) as error:
            raise NewsSignatureError("the signature is not Amazon's") from error

    async def _subscribe(self, envelope: Envelope) -> None:
        if not self._topic.confirms(envelope.subscribe_url):
            raise NewsSignatureError("the address to confirm at is not SNS's own")
        await self._get(envelope.subscribe_url)
        LOGGER.info("SNS was told that we want to hear of bounces")

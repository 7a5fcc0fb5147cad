"""Hands text messages to Twilio."""

import asyncio
from typing import Final
from uuid import UUID

import httpx

from totetaxi_adapters.sms.answers import sid_of
from totetaxi_adapters.sms.sms_account import SmsAccount
from totetaxi_core.notifications.message import Message
from totetaxi_core.notifications.transport import MessageNotSentError, MessageOutcomeUnknownError

STATUS_PATH: Final = "/api/messages/sms-status"
# A text may wait so long at Twilio: what is for the morning does not come at night.
VALID_FOR_S: Final = 4 * 3_600
TIMEOUT: Final = httpx.Timeout(20.0, connect=10.0)
# For all of it: an answer that trickles in is awaited no longer, well within an effect's lease.
MOST_S: Final = 50.0
# What cannot have reached Twilio; of anything else nobody knows.
BEFORE_SENDING: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def status_url(public_url: str, message_id: UUID) -> str:
    """Return where Twilio tells what became of a message."""
    return f"{public_url}{STATUS_PATH}/{message_id}"


class TwilioTransport:
    """Sends from one number or Messaging Service.

    Where we can tell Twilio's callbacks from others', and it can reach us, it is asked for them.
    """

    def __init__(self, account: SmsAccount, client: httpx.AsyncClient, *, public_url: str) -> None:
        self._account, self._client, self._public_url = account, client, public_url

    async def send(self, message: Message) -> str:
        """Deliver; Twilio's id of the message is returned.

        Raises:
            MessageNotSentError: not sent; try again later.
            MessageRefusedError: not sent; do not try again.
            MessageOutcomeUnknownError: perhaps sent.
        """
        account = self._account
        url = f"{account.api_base}/2010-04-01/Accounts/{account.account_sid}/Messages.json"
        login = (account.login, account.password.reveal())
        try:
            async with asyncio.timeout(MOST_S):
                answer = await self._client.post(
                    url, data=self._form(message), auth=login, timeout=TIMEOUT
                )
        except BEFORE_SENDING as error:
            raise MessageNotSentError(f"Twilio was not reached: {type(error).__name__}") from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise MessageOutcomeUnknownError(
                f"Twilio's answer was lost: {type(error).__name__}"
            ) from error
        return sid_of(answer)

    async def check(self) -> None:
        """Ask for the account's numbers, which an API key may read too; nothing is sent.

        Raises:
            MessageNotSentError: Twilio was not reached, or does not take our login.
        """
        account = self._account
        numbers = f"/2010-04-01/Accounts/{account.account_sid}/IncomingPhoneNumbers.json"
        login = (account.login, account.password.reveal())
        try:
            answer = await self._client.get(
                f"{account.api_base}{numbers}", params={"PageSize": 1}, auth=login, timeout=TIMEOUT
            )
        except httpx.HTTPError as error:
            raise MessageNotSentError(f"not reached: {type(error).__name__}") from error
        if not answer.is_success:
            raise MessageNotSentError(f"answered {answer.status_code}")

    def _form(self, message: Message) -> dict[str, str]:
        account = self._account
        form = {
            "To": message.to,
            "MessagingServiceSid" if account.is_service else "From": account.sender,
            "Body": message.text,
            "ValidityPeriod": str(VALID_FOR_S),
        }
        if account.auth_token is not None and self._public_url.startswith("https://"):
            form["StatusCallback"] = status_url(self._public_url, message.id)
        return form

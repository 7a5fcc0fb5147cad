"""By what messages leave, as the settings say."""

from zoneinfo import ZoneInfo

import pytest

from tests.builders import NOW
from tests.contracts.transport_worlds import ACCOUNT, KEY
from totetaxi_adapters.mail.transport import SmtpTransport
from totetaxi_adapters.memory.clock import SettableClock
from totetaxi_adapters.message_transports import (
    message_transports,
    sender_of,
    ses_notices,
    sms_statuses,
)
from totetaxi_adapters.settings import SettingsError, settings_from
from totetaxi_adapters.sms.transport import TwilioTransport

NEW_YORK = ZoneInfo("America/New_York")
SMS_URL = f"twilio://{KEY}:hush@{ACCOUNT}/?from=+12125550100"


async def test_given_both_urls_when_opened_then_each_channel_has_its_transport() -> None:
    named = settings_from({"EMAIL_URL": "smtp://relay.example.com", "SMS_URL": SMS_URL})
    clock = SettableClock(NOW)

    async with message_transports(named, clock=clock, zone=NEW_YORK) as transports:
        assert isinstance(transports.mail, SmtpTransport)
        assert isinstance(transports.texts, TwilioTransport)
    async with message_transports(settings_from({}), clock=clock, zone=NEW_YORK) as none:
        assert (none.mail, none.texts) == (None, None)


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("noreply@totetaxi.com", "Tote, Taxi <noreply@totetaxi.com>"),
        ("Moves <moves@totetaxi.com>", "Moves <moves@totetaxi.com>"),
    ],
)
def test_given_a_sender_when_read_then_a_bare_address_gets_the_companys_name(
    given: str, address: str
) -> None:
    settings = settings_from({"DEFAULT_FROM_EMAIL": given, "COMPANY_NAME": "Tote, Taxi"})

    sender = sender_of(settings, NEW_YORK)

    assert sender.from_address.replace('"', "") == address
    assert sender.domain == "totetaxi.com"


def test_given_an_api_key_alone_when_read_then_no_callback_can_be_believed() -> None:
    with_token = settings_from({"SMS_URL": f"{SMS_URL}&auth_token=t"})

    assert sms_statuses(settings_from({"SMS_URL": SMS_URL})) is None
    assert sms_statuses(settings_from({})) is None
    assert sms_statuses(with_token) is not None


def test_given_a_topic_or_none_when_read_then_its_notices_can_be_believed_or_not() -> None:
    named = settings_from({"SES_TOPIC_ARN": "arn:aws:sns:us-east-1:123456789012:ses-notices"})

    assert ses_notices(named, clock=SettableClock(NOW)) is not None
    assert ses_notices(settings_from({}), clock=SettableClock(NOW)) is None


def test_given_bad_values_when_read_then_each_is_named_and_none_is_shown() -> None:
    with pytest.raises(SettingsError) as refused:
        settings_from(
            {
                "EMAIL_URL": "imap://a:hush@relay.example.com",
                "SMS_URL": "twilio://a:hush@b",
                "DEFAULT_FROM_EMAIL": "nobody",
                "SES_TOPIC_ARN": "ses-notices",
            }
        )

    named = {"EMAIL_URL", "SMS_URL", "DEFAULT_FROM_EMAIL", "SES_TOPIC_ARN"}
    assert set(refused.value.problems) == named
    assert "hush" not in str(refused.value)

"""The doctor's look at what messages leave by: a login, and nothing sent."""

from zoneinfo import ZoneInfo

from totetaxi_adapters.clock import SystemClock
from totetaxi_adapters.message_transports import sender_of, sms_account
from totetaxi_adapters.settings import Settings
from totetaxi_adapters.wiring import BUSINESS_ZONE
from totetaxi_cli.health_check import HealthCheck, failed, passed, warned
from totetaxi_core.refusal import DomainError


async def check_mail(settings: Settings) -> HealthCheck:
    """Log in at the mail server."""
    if settings.email_url is None:
        return _kept_here(settings, "mail", "EMAIL_URL")
    from totetaxi_adapters.mail.mail_server import MailServer
    from totetaxi_adapters.mail.transport import SmtpTransport

    server = MailServer.parse(settings.email_url.reveal())
    sender = sender_of(settings, ZoneInfo(BUSINESS_ZONE))
    try:
        await SmtpTransport(server, sender, clock=SystemClock(None)).check()
    except DomainError as error:
        return failed("mail", f"{server.host}: {error}", advice="check EMAIL_URL")
    return passed("mail", f"{server.host} takes our login")


async def check_texts(settings: Settings) -> HealthCheck:
    """Ask Twilio for the number we send from."""
    account = sms_account(settings)
    if account is None:
        return _kept_here(settings, "texts", "SMS_URL")
    import httpx

    from totetaxi_adapters.sms.transport import TwilioTransport

    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            await TwilioTransport(account, client, public_url=settings.public_base_url).check()
        except DomainError as error:
            return failed("texts", f"Twilio: {error}", advice="check SMS_URL")
    return passed("texts", "Twilio takes our login")


def _kept_here(settings: Settings, name: str, variable: str) -> HealthCheck:
    """Judge messages that leave nobody's database: right everywhere but in production."""
    message = f"{variable} is not set: they stay in the database"
    if settings.is_production:
        return warned(name, message, advice=f"set {variable}, or nobody gets any")
    return passed(name, message)

"""The doctor's look at the certificate that browsers see."""

from datetime import UTC, datetime, timedelta
from typing import Final

from totetaxi_adapters.certificate import certificate_ends_at
from totetaxi_cli.health_check import HealthCheck, failed, passed, warned

NAME: Final = "certificate"
SOON: Final = timedelta(days=21)
"""Whoever renews by themselves does so a month ahead."""
ADVICE: Final = "renew it, or see why what should renew it does not"


async def check_certificate(public_url: str) -> HealthCheck:
    """Ask the public address itself, the way customers come."""
    try:
        ends_at = await certificate_ends_at(public_url)
    except OSError as error:
        return warned(
            NAME,
            f"not seen at {public_url} ({str(error) or type(error).__name__})",
            advice="see that PUBLIC_BASE_URL leads here, and that this machine can reach it",
        )
    if ends_at is None:
        return passed(NAME, f"none is needed: {public_url} is not https")
    return judge(ends_at, now=datetime.now(UTC))


def judge(ends_at: datetime, *, now: datetime) -> HealthCheck:
    """Fail one that has ended, and warn of one that soon will."""
    if ends_at <= now:
        return failed(NAME, f"ended {ends_at:%Y-%m-%d %H:%M} UTC", advice=ADVICE)
    message = f"holds until {ends_at:%Y-%m-%d} ({(ends_at - now).days} days)"
    if ends_at - now < SOON:
        return warned(NAME, message, advice=ADVICE)
    return passed(NAME, message)

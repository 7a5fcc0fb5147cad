"""What is wrong with settings that can each be read: contradictions, looseness in production."""

from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from typing import TYPE_CHECKING

from totetaxi_adapters.files.storage_url import S3Place, read_storage_url
from totetaxi_adapters.mail.mail_server import MailServer
from totetaxi_adapters.ses.topic import Topic
from totetaxi_adapters.setting_values import Secret
from totetaxi_adapters.sms.sms_account import SmsAccount

if TYPE_CHECKING:
    from totetaxi_adapters.settings import Settings

DEVELOPMENT_SECRET_KEY = "dev-secret-key-not-for-production"  # noqa: S105  refused in production
_SHORTEST_SECRET_KEY = 32
_NEEDED_IN_PRODUCTION = (
    "secret_key",
    "allowed_hosts",
    "public_base_url",
    "stripe_secret_key",
    "stripe_publishable_key",
    "stripe_webhook_secret",
    "onfleet_api_key",
    "onfleet_webhook_secret",
)
_LIVE_KEYS = {
    "stripe_secret_key": ("sk_live_", "rk_live_"),
    "stripe_publishable_key": ("pk_live_",),
}


def contradictions(settings: "Settings") -> Iterable[tuple[str, str]]:
    """Give each variable whose value cannot be, read as it stands or beside another, and why."""
    if settings.min_charge_cents > settings.max_charge_cents:
        yield "MIN_CHARGE_CENTS", "must not exceed MAX_CHARGE_CENTS"
    for name, parse in (("email_url", MailServer.parse), ("sms_url", SmsAccount.parse)):
        url: Secret | None = getattr(settings, name)
        try:
            _ = url and parse(url.reveal())
        except ValueError as error:
            yield name.upper(), str(error)
    try:
        _ = settings.ses_topic_arn and Topic.parse(settings.ses_topic_arn)
    except ValueError as error:
        yield "SES_TOPIC_ARN", str(error)
    if "@" not in parseaddr(settings.default_from_email)[1]:
        yield "DEFAULT_FROM_EMAIL", "must be an address such as ToteTaxi <noreply@totetaxi.com>"
    secret, pictures = settings.onfleet_webhook_secret, settings.onfleet_upload_url
    if secret is not None and not _is_hexadecimal(secret):
        yield "ONFLEET_WEBHOOK_SECRET", "must be hexadecimal, as Onfleet shows it"
    if pictures is not None and not _is_picture_address(pictures):
        yield "ONFLEET_UPLOAD_URL", "must be an address beginning https:// with {upload_id} in it"

    yield from _storage_faults(settings)


def unfit_for_production(
    settings: "Settings", given: Mapping[str, str]
) -> Iterable[tuple[str, str]]:
    """Give each variable that production lacks, or must not have so; `given` are those set."""
    for name in _NEEDED_IN_PRODUCTION:
        if name not in given:
            yield name.upper(), "must be set in production"
    for name, beginnings in _LIVE_KEYS.items():
        if name in given and not given[name].strip().startswith(beginnings):
            yield name.upper(), f"must be a live key in production: {' or '.join(beginnings)}…"
    if "*" in settings.cors_allowed_origins:
        yield "CORS_ALLOWED_ORIGINS", "must name its origins in production"
    for name in ("secret_key", "secret_key_previous"):
        if name in given and _is_weak(getattr(settings, name)):
            shortest = _SHORTEST_SECRET_KEY
            yield name.upper(), f"must be a secret of at least {shortest} characters in production"
    for name in ("stripe_api_base", "onfleet_api_base", "public_base_url"):
        if name in given and not getattr(settings, name).startswith("https://"):
            yield name.upper(), "must begin https:// in production"
    yield from _refused_switches(settings)


def _refused_switches(settings: "Settings") -> Iterable[tuple[str, str]]:
    if settings.debug:
        yield "DEBUG", "must be false in production"
    if settings.onfleet_mock_mode:
        yield "ONFLEET_MOCK_MODE", "must be false in production"
    if not settings.ratelimit_enable:
        yield "RATELIMIT_ENABLE", "must be true in production"
    if settings.webhooks_allow_private:
        yield "WEBHOOKS_ALLOW_PRIVATE", "must be false in production"
    if settings.totetaxi_now is not None:
        yield "TOTETAXI_NOW", "must not be set in production"


def _storage_faults(settings: "Settings") -> Iterable[tuple[str, str]]:
    if (settings.aws_access_key_id is None) != (settings.aws_secret_access_key is None):
        yield "AWS_SECRET_ACCESS_KEY", "must be set together with AWS_ACCESS_KEY_ID"
    if settings.storage_url is None:
        return
    try:
        place = read_storage_url(settings.storage_url.reveal())
    except ValueError as error:
        yield "STORAGE_URL", str(error)
        return
    endpoint = place.endpoint if isinstance(place, S3Place) else None
    if settings.is_production and not (endpoint or "https://").startswith("https://"):
        yield "STORAGE_URL", "its endpoint must begin https:// in production"


def _is_hexadecimal(secret: Secret) -> bool:
    try:
        return bytes.fromhex(secret.reveal()) != b""
    except ValueError:
        return False


def _is_picture_address(template: str) -> bool:
    return template.startswith(("https://", "http://")) and "{upload_id}" in template


def _is_weak(key: Secret) -> bool:
    return key.reveal() == DEVELOPMENT_SECRET_KEY or len(key.reveal()) < _SHORTEST_SECRET_KEY

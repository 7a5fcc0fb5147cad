"""Every setting of the service, read once from the environment."""

# ruff: noqa: RUF009  _about is attrs.field, with the description at hand

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import attrs
from cattrs.errors import ClassValidationError

from totetaxi_adapters.secret_files import SUFFIX, read_secret_files
from totetaxi_adapters.setting_values import (
    Environment,
    HttpUrl,
    LogLevel,
    Network,
    Place,
    Rate,
    Secret,
    Within,
    environment_converter,
)
from totetaxi_adapters.settings_faults import (
    DEVELOPMENT_SECRET_KEY,
    contradictions,
    unfit_for_production,
)

_CONVERTER = environment_converter()


class SettingsError(Exception):
    """The environment cannot be used; `problems` says what is wrong, by variable name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name} {what}" for name, what in problems.items()))
        self.problems = dict(problems)


def _about(description: str, default: Any = attrs.NOTHING) -> Any:  # noqa: ANN401  attrs' own way
    return attrs.field(default=default, metadata={"description": description})


def _data_folder(environ: Mapping[str, str]) -> Path:
    share = environ.get("XDG_DATA_HOME", "")
    return (Path(share) if share else Path.home() / ".local" / "share") / "totetaxi"


@attrs.frozen(kw_only=True)
class Settings:
    """The settings; a field's environment variable is its name in capitals."""

    environment: Environment = _about(
        "development, test or production", default=Environment.DEVELOPMENT
    )
    debug: bool = _about("Show details of failures; refused in production", default=False)
    secret_key: Secret = _about(
        "Signs tokens and quotes; 32 characters or more in production",
        default=Secret(DEVELOPMENT_SECRET_KEY),
    )
    secret_key_previous: Secret | None = _about(
        "The former SECRET_KEY, still accepted while rotating", default=None
    )
    allowed_hosts: tuple[str, ...] = _about(
        "Host names answered to, comma-separated; * for any; loopback always in development",
        default=("localhost", "127.0.0.1"),
    )
    cors_allowed_origins: tuple[str, ...] = _about(
        "Origins browsers may call from, comma-separated",
        default=("http://localhost:3000", "http://127.0.0.1:3000", "https://app.totetaxi.com"),
    )
    database_url: Secret | None = _about(
        "A PostgreSQL server to use in place of the embedded one", default=None
    )
    database_timeout_s: Annotated[int, Within(minimum=1, maximum=600)] = _about(
        "How long one statement may take, in seconds, before its caller is told to come back",
        default=30,
    )
    database_pooler: bool = _about(
        "DATABASE_URL leads to a pooler in transaction mode, such as PgBouncer: for processes that"
        " answer and do no jobs",
        default=False,
    )
    stripe_secret_key: Secret | None = _about(
        "Stripe's secret key; without it the sandbox answers", default=None
    )
    stripe_publishable_key: str | None = _about("Stripe's key for browsers", default=None)
    stripe_webhook_secret: Secret | None = _about(
        "Verifies the signature of Stripe's webhooks", default=None
    )
    stripe_api_base: HttpUrl | None = _about("Where Stripe's API is, if not Stripe's", default=None)
    onfleet_api_key: Secret | None = _about(
        "Onfleet's key; without it the sandbox answers", default=None
    )
    onfleet_webhook_secret: Secret | None = _about(
        "Verifies the signature of Onfleet's webhooks (hexadecimal)", default=None
    )
    onfleet_api_base: HttpUrl | None = _about(
        "Where Onfleet's API is, if not Onfleet's", default=None
    )
    onfleet_team_id: str | None = _about(
        "The Onfleet team that gets new tasks; unset is the whole organization", default=None
    )
    onfleet_upload_url: str | None = _about(
        "Where Onfleet keeps pictures, with {upload_id} and, if need be, {size} in it",
        default=None,
    )
    onfleet_mock_mode: bool = _about(
        "Use the Onfleet sandbox though a key is set; refused in production",
        default=attrs.Factory(lambda self: not self.is_production, takes_self=True),
    )
    aws_access_key_id: Secret | None = _about("AWS key for mail and files", default=None)
    aws_secret_access_key: Secret | None = _about("AWS secret for mail and files", default=None)
    aws_storage_bucket_name: str = _about("Bucket for files on S3", default="totetaxi-media")
    aws_s3_region_name: str = _about("Region of that bucket", default="us-east-1")
    default_from_email: str = _about("Sender of every mail", default="noreply@totetaxi.com")
    email_url: Secret | None = _about(
        "How mail is sent, smtp://user:password@host:587 or smtps://; unset keeps it local",
        default=None,
    )
    sms_url: Secret | None = _about(
        "How text messages are sent, twilio://SK…:secret@AC…/?from=…; unset keeps them local",
        default=None,
    )
    ses_topic_arn: str | None = _about(
        "The SNS topic by which Amazon SES tells of bounces; unset, nobody is believed",
        default=None,
    )
    storage_url: Secret | None = _about(
        "Where files are kept: file:///folder or s3://bucket/prefix?region=…&endpoint=…;"
        " unset is the folder files in the data folder",
        default=None,
    )
    port: Annotated[int, Within(minimum=0, maximum=65_535)] = _about(
        "Port to serve on; 0 takes a free one", default=8_000
    )
    log_level: LogLevel = _about("Least level that is logged", default=LogLevel.INFO)
    metrics_listen: Place | None = _about(
        "Where Prometheus finds /metrics, such as 127.0.0.1:9464; unset: on PORT, but not in"
        " production",
        default=None,
    )
    otel_exporter_otlp_endpoint: HttpUrl | None = _about(
        "An OpenTelemetry collector that gets traces over HTTP, such as http://127.0.0.1:4318",
        default=None,
    )
    trusted_proxies: tuple[Network, ...] = _about(
        "Addresses or networks whose X-Forwarded-For counts, comma-separated", default=()
    )
    public_base_url: HttpUrl = _about(
        "How the world reaches this service; https in production",
        default=attrs.Factory(lambda self: f"http://localhost:{self.port}", takes_self=True),
    )
    payment_success_url: HttpUrl = _about(
        "Where a payer goes after paying",
        default=attrs.Factory(lambda self: _below(self, "success"), takes_self=True),
    )
    payment_cancel_url: HttpUrl = _about(
        "Where a payer goes after giving up",
        default=attrs.Factory(lambda self: _below(self, "cancel"), takes_self=True),
    )
    redis_url: Secret | None = _about("Accepted and unused", default=None)
    ratelimit_enable: bool = _about(
        "Limit call rates; false is refused in production", default=True
    )
    ratelimit_login: Rate = _about(
        "Logins, their renewal and links of mails, per address and account",
        default=Rate(limit=10, window_s=60),
    )
    ratelimit_register: Rate = _about(
        "Requests for an account and for its mail, per address and e-mail address",
        default=Rate(limit=20, window_s=3_600),
    )
    ratelimit_reset: Rate = _about(
        "Requests for a new password, per address and e-mail address",
        default=Rate(limit=20, window_s=3_600),
    )
    ratelimit_booking: Rate = _about(
        "Bookings and payments, per address and account", default=Rate(limit=30, window_s=60)
    )
    ratelimit_lookup: Rate = _about(
        "Booking status by number, per address and account", default=Rate(limit=60, window_s=60)
    )
    ratelimit_default: Rate = _about(
        "Everything else, per address and account, in each process",
        default=Rate(limit=600, window_s=60),
    )
    min_charge_cents: Annotated[int, Within(minimum=1, maximum=10**9)] = _about(
        "Least amount charged, in cents", default=100
    )
    max_charge_cents: Annotated[int, Within(minimum=1, maximum=10**9)] = _about(
        "Most a customer may be charged without staff, in cents", default=500_000
    )
    hold_minutes: Annotated[int, Within(minimum=1, maximum=1_440)] = _about(
        "How long an unpaid booking holds its crew, in minutes", default=30
    )
    van_cubic_feet: Annotated[int, Within(minimum=1, maximum=10_000)] = _about(
        "What a crew's van holds, in cubic feet, for the day plan", default=480
    )
    pickup_late_minutes: Annotated[int, Within(minimum=0, maximum=480)] = _about(
        "How late after its time the day plan may let a pickup begin, in minutes", default=60
    )
    road_percent: Annotated[int, Within(minimum=100, maximum=500)] = _about(
        "How long a road is for the day plan, in percent of the straight line", default=130
    )
    retention_bookings_days: Annotated[int, Within(minimum=180, maximum=36_500)] = _about(
        "How long a booking that is over, and its money, keep their person, in days",
        default=2_557,
    )
    retention_unpaid_days: Annotated[int, Within(minimum=7, maximum=36_500)] = _about(
        "How long a booking that was never confirmed keeps its person, in days", default=90
    )
    retention_messages_days: Annotated[int, Within(minimum=30, maximum=36_500)] = _about(
        "How long messages, and addresses that refused them, are kept, in days", default=730
    )
    support_phone: str = _about("Number told to customers who need staff", default="+12125550100")
    staff_email: str = _about("Where alerts to staff go", default="operations@totetaxi.com")
    company_name: str = _about("Who signs messages to customers", default="ToteTaxi")
    company_address: str = _about(
        "The company's address in one line, below every mail to customers", default=""
    )
    webhooks_allow_private: bool = _about(
        "Deliver webhooks to private and loopback addresses and over plain http too;"
        " refused in production",
        default=False,
    )
    totetaxi_data_dir: Path = _about(
        "Folder of the embedded database and local files",
        default=attrs.Factory(lambda: _data_folder(os.environ)),
    )
    totetaxi_staff: str | None = _about("Staff name for commands without --as", default=None)
    totetaxi_now: datetime | None = _about(
        "An instant the clock starts at, with its offset; refused in production", default=None
    )

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION


FROM_FILES: Final = (
    *(one.name.upper() for one in attrs.fields(Settings) if one.type in {Secret, Secret | None}),
    "STRIPE_PUBLISHABLE_KEY",  # no secret, and kept beside its own
)
"""What may lie in a file: `NAME_FILE` names it."""


def settings_from(environ: Mapping[str, str]) -> Settings:
    """Return the settings in `environ`; an empty variable counts as absent.

    What is in FROM_FILES may lie in a file: `SECRET_KEY_FILE` then names it.

    Raises:
        SettingsError: values are bad, or not fit for production; all of them are named.
    """
    environ, unread = read_secret_files(environ, FROM_FILES)
    given = {
        field.name: environ[field.name.upper()]
        for field in attrs.fields(Settings)
        if environ.get(field.name.upper(), "").strip()
    }
    given.setdefault("totetaxi_data_dir", str(_data_folder(environ)))
    try:
        settings = _CONVERTER.structure(given, Settings)
    except ClassValidationError as error:
        # Its cause would show values.
        raise SettingsError({**unread, **dict(_bad_values(error))}) from None
    problems = {**unread, **dict(contradictions(settings))}
    if settings.is_production:
        unfit = unfit_for_production(settings, given)
        # Of what is in a file that cannot be read, enough is said.
        problems |= {name: why for name, why in unfit if name + SUFFIX not in unread}
    if problems:
        raise SettingsError(problems)
    return settings


def _bad_values(error: ClassValidationError) -> Iterable[tuple[str, str]]:
    for inner, note in error.group_exceptions()[0]:
        yield note.name.upper(), str(inner)


def _below(settings: Settings, page: str) -> str:
    """Return where the public front end has this page."""
    return f"{settings.public_base_url.rstrip('/')}/{page}"

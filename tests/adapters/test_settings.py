"""Settings: strict, all faults at once, secrets never shown, production never loose."""

from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import attrs
import pytest

from totetaxi_adapters.setting_values import Rate
from totetaxi_adapters.settings import FROM_FILES, Settings, SettingsError, settings_from
from totetaxi_adapters.settings_table import settings_table

PRODUCTION = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": "k" * 40,
    "ALLOWED_HOSTS": "api.totetaxi.com",
    "PUBLIC_BASE_URL": "https://api.totetaxi.com",
    "STRIPE_SECRET_KEY": "sk_live_x",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_x",
    "STRIPE_WEBHOOK_SECRET": "whsec_x",
    "ONFLEET_API_KEY": "x",
    "ONFLEET_WEBHOOK_SECRET": "aa",
}


def problems_of(environ: dict[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        settings_from(environ)
    return caught.value.problems


def test_given_an_empty_environment_when_read_then_development_works() -> None:
    settings = settings_from({"HOME": "/home/ada", "XDG_DATA_HOME": "/data"})

    assert not settings.is_production
    assert (settings.port, settings.public_base_url) == (8_000, "http://localhost:8000")
    assert settings.onfleet_mock_mode
    assert settings.totetaxi_data_dir == Path("/data/totetaxi")
    assert "http://localhost:3000" in settings.cors_allowed_origins
    assert (settings.min_charge_cents, settings.max_charge_cents) == (100, 500_000)


def test_given_every_kind_of_value_when_read_then_it_has_its_type() -> None:
    settings = settings_from(
        {
            "DEBUG": "TRUE",
            "RATELIMIT_ENABLE": "0",
            "PORT": "9000",
            "LOG_LEVEL": "warning",
            "ALLOWED_HOSTS": "a.example, b.example,",
            "TRUSTED_PROXIES": "10.0.0.1,fd00::/8",
            "RATELIMIT_BOOKING": "5/hour",
            "TOTETAXI_NOW": "2026-12-01T09:00:00-05:00",
            "TOTETAXI_DATA_DIR": "/srv/totetaxi",
            "STRIPE_API_BASE": "http://127.0.0.1:12111/",
            "STRIPE_SECRET_KEY": "sk_test_x",
            "ONFLEET_API_KEY": "",
        }
    )

    assert (settings.debug, settings.ratelimit_enable, settings.port) == (True, False, 9_000)
    assert settings.log_level == "WARNING"
    assert settings.allowed_hosts == ("a.example", "b.example")
    assert settings.trusted_proxies == (ip_network("10.0.0.1"), ip_network("fd00::/8"))
    assert settings.ratelimit_booking == Rate(limit=5, window_s=3_600)
    assert settings.totetaxi_now == datetime(2026, 12, 1, 14, tzinfo=UTC)
    assert settings.stripe_api_base == "http://127.0.0.1:12111"
    assert settings.stripe_secret_key is not None
    assert settings.stripe_secret_key.reveal() == "sk_test_x"
    assert settings.onfleet_api_key is None


def test_given_many_bad_values_when_read_then_each_names_itself() -> None:
    environ = {
        "ENVIRONMENT": "prod",
        "DEBUG": "yes",
        "PORT": "70000",
        "HOLD_MINUTES": "half",
        "LOG_LEVEL": "loud",
        "TRUSTED_PROXIES": "10.0.0.0/99",
        "RATELIMIT_LOGIN": "0/minute",
        "RATELIMIT_LOOKUP": "3/fortnight",
        "TOTETAXI_NOW": "2026-12-01T09:00:00",
        "PAYMENT_SUCCESS_URL": "localhost",
        "STRIPE_API_BASE": "http://[::1",
    }

    problems = problems_of(environ)

    assert set(problems) == set(environ)
    assert problems["PORT"] == "must be from 0 to 65535"


def test_given_secrets_when_shown_then_they_are_hidden() -> None:
    settings = settings_from({"SECRET_KEY": "hush-hush", "DATABASE_URL": "postgresql://u:pw@h/d"})

    shown = f"{settings!r} {settings.secret_key} {settings.database_url!s}"

    assert "hush" not in shown
    assert "pw" not in shown


def test_given_a_bad_value_beside_a_secret_when_refused_then_no_value_is_told() -> None:
    problems = problems_of({"PORT": "tellme", "SECRET_KEY": "hush"})

    assert "tellme" not in str(problems)
    assert "hush" not in str(problems)


def test_given_full_production_settings_when_read_then_the_courier_is_real() -> None:
    settings = settings_from(PRODUCTION)

    assert settings.is_production
    assert not settings.onfleet_mock_mode


def test_given_production_without_keys_when_read_then_every_missing_one_is_named() -> None:
    problems = problems_of({"ENVIRONMENT": "production"})

    assert set(problems) == set(PRODUCTION) - {"ENVIRONMENT"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "dev-secret-key-not-for-production"),
        ("SECRET_KEY_PREVIOUS", "dev-secret-key-not-for-production"),
        ("STRIPE_SECRET_KEY", "no-key-of-stripe"),
        ("STRIPE_API_BASE", "http://stripe.example"),
        ("CORS_ALLOWED_ORIGINS", "*"),
        ("SECRET_KEY", "short"),
        ("STRIPE_SECRET_KEY", "sk_test_x"),
        ("STRIPE_SECRET_KEY", "rk_test_x"),
        ("STRIPE_PUBLISHABLE_KEY", "pk_test_x"),
        ("PUBLIC_BASE_URL", "http://api.totetaxi.com"),
        ("DEBUG", "true"),
        ("ONFLEET_MOCK_MODE", "true"),
        ("RATELIMIT_ENABLE", "false"),
        ("WEBHOOKS_ALLOW_PRIVATE", "true"),
        ("TOTETAXI_NOW", "2026-12-01T09:00:00Z"),
    ],
)
def test_given_a_loose_value_in_production_when_read_then_it_is_refused(
    name: str, value: str
) -> None:
    problems = problems_of(PRODUCTION | {name: value})

    assert list(problems) == [name]


def test_given_a_least_charge_above_the_most_when_read_then_it_is_refused() -> None:
    problems = problems_of({"MIN_CHARGE_CENTS": "200", "MAX_CHARGE_CENTS": "199"})

    assert list(problems) == ["MIN_CHARGE_CENTS"]


def test_given_the_settings_when_tabled_then_each_has_its_row_and_no_secret() -> None:
    rows = settings_table().splitlines()[2:]

    names = [row.split("`")[1] for row in rows]

    assert names == [field.name.upper() for field in attrs.fields(Settings)]
    assert all(field.metadata["description"] for field in attrs.fields(Settings))
    assert "dev-secret" not in settings_table()


def test_given_a_public_address_when_read_then_payers_come_back_below_it_unless_told() -> None:
    given = {"PUBLIC_BASE_URL": "https://totetaxi.example/"}

    settings = settings_from(given)
    told = settings_from(given | {"PAYMENT_CANCEL_URL": "https://elsewhere.example/back"})

    assert settings.payment_success_url == "https://totetaxi.example/success"
    assert settings.payment_cancel_url == "https://totetaxi.example/cancel"
    assert told.payment_cancel_url == "https://elsewhere.example/back"


def test_given_secrets_in_files_when_read_then_they_are_as_if_set(tmp_path: Path) -> None:
    file = tmp_path / "stripe"
    file.write_text("sk_live_y\n")
    environ = {name: value for name, value in PRODUCTION.items() if name != "STRIPE_SECRET_KEY"}

    settings = settings_from(environ | {"STRIPE_SECRET_KEY_FILE": str(file), "SMS_URL_FILE": " "})

    assert settings.stripe_secret_key is not None
    assert settings.stripe_secret_key.reveal() == "sk_live_y"
    assert settings.sms_url is None


def test_given_secret_files_that_cannot_be_used_when_read_then_each_is_named_and_no_content_told(
    tmp_path: Path,
) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "odd").write_bytes(b"hush\xff")
    (tmp_path / "key").write_text("hush")
    without = ("SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "ONFLEET_WEBHOOK_SECRET")
    environ = {name: value for name, value in PRODUCTION.items() if name not in without}

    problems = problems_of(
        environ
        | {
            "SECRET_KEY_FILE": str(tmp_path / "empty"),
            "STRIPE_WEBHOOK_SECRET_FILE": str(tmp_path / "odd"),
            "ONFLEET_WEBHOOK_SECRET_FILE": str(tmp_path / "none"),
            "ONFLEET_API_KEY_FILE": str(tmp_path / "key"),
        }
    )

    unusable = "names a file that cannot be used: "
    assert problems == {
        "SECRET_KEY_FILE": f"{unusable}it is empty",
        "STRIPE_WEBHOOK_SECRET_FILE": f"{unusable}it is not text",
        "ONFLEET_WEBHOOK_SECRET_FILE": f"{unusable}No such file or directory",
        "ONFLEET_API_KEY_FILE": "must not be set together with ONFLEET_API_KEY",
    }


@pytest.mark.parametrize("name", FROM_FILES)
def test_given_any_secret_when_it_lies_in_a_file_then_it_is_looked_for_there(name: str) -> None:
    assert list(problems_of({f"{name}_FILE": "/none"})) == [f"{name}_FILE"]


def test_given_stripes_public_key_in_a_file_when_read_then_it_is_as_if_set(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("pk_live_y\n")

    settings = settings_from({"STRIPE_PUBLISHABLE_KEY_FILE": str(tmp_path / "key")})

    assert settings.stripe_publishable_key == "pk_live_y"

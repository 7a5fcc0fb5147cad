import pytest

from tests.cli.conftest import Runner


def test_given_a_sound_house_when_examined_then_it_passes_with_a_word_on_the_worker(
    totetaxi: Runner,
) -> None:
    examined = totetaxi("doctor", "--json")

    verdicts = {check["name"]: check["verdict"] for check in examined.json["checks"]}
    assert (examined.code, examined.json["ok"]) == (0, True)
    assert verdicts.pop("disk") in ("ok", "warn")
    assert verdicts == {
        "time zones": "ok",
        "settings": "ok",
        "database": "ok",
        "migrations": "ok",
        "postgresql": "ok",
        "price book": "ok",
        "worker": "warn",
        "scheduler": "warn",
        "stripe": "ok",
        "outbox": "ok",
    }


def test_given_a_database_that_is_behind_when_examined_then_it_fails_with_advice(
    totetaxi: Runner, empty_database_url: str
) -> None:
    examined = totetaxi("doctor", DATABASE_URL=empty_database_url)

    assert examined.code == 1
    assert "fail  migrations    without any table" in examined.out
    assert "-> run `totetaxi db upgrade`" in examined.out


@pytest.mark.parametrize(
    ("setting", "value", "name"),
    [
        ("DATABASE_URL", "postgresql://127.0.0.1:1/totetaxi", "database"),
        ("DATABASE_URL", "mysql://127.0.0.1/totetaxi", "settings"),
        ("PORT", "http", "settings"),
    ],
)
def test_given_something_broken_when_examined_then_that_check_fails(
    totetaxi: Runner, setting: str, value: str, name: str
) -> None:
    examined = totetaxi("doctor", "--json", **{setting: value})

    failed = [check for check in examined.json["checks"] if check["verdict"] == "fail"]
    assert examined.code == 1
    assert [check["name"] for check in failed] == [name]
    assert failed[0]["advice"]


def test_given_keys_that_reach_nobody_when_examined_then_stripe_fails(totetaxi: Runner) -> None:
    examined = totetaxi(
        "doctor",
        "--json",
        STRIPE_SECRET_KEY="sk_test_nobody",
        STRIPE_API_BASE="http://127.0.0.1:1",
    )

    stripe = next(check for check in examined.json["checks"] if check["name"] == "stripe")
    assert (examined.code, stripe["verdict"]) == (1, "fail")
    assert "payment_unavailable" in stripe["message"]
    assert "sk_test_nobody" not in examined.out

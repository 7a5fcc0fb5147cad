"""The demo, whole: real processes, the sandbox, the signed webhook."""

import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import (
    Environ,
    Outcome,
    Processes,
    Runner,
    address_in,
    ready_line,
)

DECLINED = "4000000000000002"
ASKS = "4000002760003184"


@pytest.fixture
def embedded(environ: Environ) -> Iterator[Processes]:
    """Start processes on an embedded server of their own, in a new data folder."""
    # Not in `tmp_path`: the account PostgreSQL runs as may not pass through that one.
    folder = Path(tempfile.mkdtemp(prefix="tt-demo-"))
    folder.chmod(0o755)
    without_url = {name: value for name, value in environ.items() if name != "DATABASE_URL"}
    made = Processes(environ={**without_url, "TOTETAXI_DATA_DIR": str(folder / "data")})
    yield made
    made.stop_all()
    shutil.rmtree(folder)


def delivered_number(walked: Outcome) -> str:
    assert walked.code == 0, walked.err
    found = re.search(r"(TT-\w{8}) is delivered\. More:", walked.out)
    assert found is not None
    return found[1]


def test_given_a_new_data_folder_when_walked_beside_a_server_and_alone_then_both_are_delivered(
    embedded: Processes,
) -> None:
    serving = embedded.start("serve", "--port", "0")
    assert address_in(ready_line(serving))

    beside = embedded.run("demo")
    serving.send_signal(signal.SIGTERM)
    assert embedded.end_of(serving).code == 0
    alone = embedded.end_of(embedded.anew("demo"))

    assert delivered_number(beside) != delivered_number(alone)
    assert "booking_confirmed: Confirmed:" in alone.out
    assert "receipt: " in alone.out
    assert alone.out.count("driver_on_the_way: ") == 2 * 2  # as each comes, and in the list
    assert alone.out.count("image/png") == 2 * 2  # a photo and a signature at each door
    assert "delivered: " in alone.out
    kept = re.search(r"kept as (\S+\.pdf)", alone.out)
    assert kept is not None
    assert Path(kept[1]).read_bytes().startswith(b"%PDF-")


def test_given_a_card_that_asks_when_walked_then_it_is_approved_and_delivered(
    processes: Processes,
) -> None:
    walked = processes.run("demo", "--card", ASKS)

    assert "The bank asks: approve it." in walked.out
    assert delivered_number(walked)


def test_given_a_card_that_is_declined_when_walked_then_the_refusal_is_one_line(
    processes: Processes, totetaxi: Runner
) -> None:
    walked = processes.run("demo", "--card", DECLINED)

    assert walked.code == 1
    assert walked.errors == ["card_declined: Your card was declined."]
    listed = totetaxi("bookings", "list", "--json").json
    assert [one["status"] for one in listed["results"]] == ["pending"]


def test_given_a_walk_when_interrupted_then_it_stops_without_a_word(processes: Processes) -> None:
    walking = processes.start("demo")
    assert ready_line(walking)

    walking.send_signal(signal.SIGINT)

    ended = processes.end_of(walking)
    assert ended.code == 130
    assert ended.err == ""


@pytest.mark.parametrize(
    "unfit",
    [
        {"STRIPE_SECRET_KEY": "sk_test_real"},
        {"STRIPE_API_BASE": "http://127.0.0.1:1"},
    ],
)
def test_given_a_stripe_of_ones_own_when_walked_then_it_is_refused(
    totetaxi: Runner, unfit: dict[str, str]
) -> None:
    refused = totetaxi("demo", **unfit)

    assert refused.code == 1
    assert refused.err.startswith("demo_refused: ")


def test_given_production_when_walked_then_it_is_refused(totetaxi: Runner) -> None:
    production = {
        "ENVIRONMENT": "production",
        "SECRET_KEY": "k" * 40,
        "ALLOWED_HOSTS": "api.example.com",
        "PUBLIC_BASE_URL": "https://api.example.com",
        "STRIPE_SECRET_KEY": "sk_live_x",
        "STRIPE_PUBLISHABLE_KEY": "pk_live_x",
        "STRIPE_WEBHOOK_SECRET": "whsec_x",
        "ONFLEET_API_KEY": "x",
        "ONFLEET_WEBHOOK_SECRET": "ab",
    }

    refused = totetaxi("demo", **production)

    assert refused.code == 1
    assert refused.err == "demo_refused: the demo does not run in production\n"

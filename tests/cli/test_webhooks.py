"""Webhooks on the command line."""

from uuid import uuid4

import pytest

from tests.cli.conftest import Runner
from tests.cli.staffing import hire

HOOK = "https://93.184.216.34/hook"
AS_LOU, AS_MARIA = ("--as", "lou"), ("--as", "maria")


def test_given_staff_when_a_webhook_is_kept_then_the_secret_is_shown_once_and_only_who_may_does(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(totetaxi, monkeypatch, "lou", "admin")
    hire(totetaxi, monkeypatch, "maria", "logistics", *AS_LOU)
    events = ("--event", "booking.confirmed", "--event", "delivery.completed")

    refused = totetaxi("webhooks", "add", HOOK, *AS_MARIA)
    added = totetaxi("webhooks", "add", HOOK, *events, *AS_LOU, "--json").json
    webhook_id = added["webhook"]["id"]
    listed = totetaxi("webhooks", "list", "--json").json["results"]
    paused = totetaxi("webhooks", "pause", webhook_id, *AS_LOU)
    shown = totetaxi("webhooks", "list")
    resumed = totetaxi("webhooks", "resume", webhook_id, *AS_LOU, "--json").json
    changed = totetaxi("webhooks", "change", webhook_id, "--event", "booking.created", *AS_LOU)
    rotated = totetaxi("webhooks", "rotate-secret", webhook_id, *AS_LOU)

    assert (refused.code, refused.err.split(":")[0]) == (1, "permission_denied")
    assert added["secret"].startswith("whsec_")
    assert listed == [added["webhook"]]
    assert listed[0]["event_types"] == ["booking.confirmed", "delivery.completed"]
    assert "paused (staff)" in paused.out
    assert "paused (staff)" in shown.out
    assert resumed["state"] == "active"
    assert "booking.created" in changed.out
    assert "whsec_" in rotated.out
    assert added["secret"] not in rotated.out


def test_given_a_webhook_when_tested_then_its_deliveries_show_it_and_it_can_be_sent_again(
    totetaxi: Runner,
) -> None:
    added = totetaxi("webhooks", "add", HOOK, *AS_MARIA, "--json").json
    webhook_id = added["webhook"]["id"]

    sent = totetaxi("webhooks", "test", webhook_id, *AS_MARIA, "--json").json
    found = totetaxi("webhooks", "deliveries", webhook_id, "--state", "due", "--json").json
    table = totetaxi("webhooks", "deliveries", webhook_id)
    again = totetaxi("webhooks", "redeliver", webhook_id, sent["event_id"], *AS_MARIA)
    removed = totetaxi("webhooks", "remove", webhook_id, *AS_MARIA)
    gone = totetaxi("webhooks", "deliveries", webhook_id)

    assert found["results"] == [sent]
    assert "webhook.test" in table.out
    assert (again.code, sent["event_id"] in again.out) == (0, True)
    assert removed.out == f"removed {webhook_id}, {HOOK}\n"
    assert (gone.code, gone.err.split(":")[0]) == (1, "webhook_not_found")


def test_given_more_deliveries_than_a_page_when_listed_then_it_says_where_to_go_on(
    totetaxi: Runner,
) -> None:
    webhook_id = totetaxi("webhooks", "add", HOOK, *AS_MARIA, "--json").json["webhook"]["id"]
    listed = ("webhooks", "deliveries", webhook_id)
    none = totetaxi(*listed).out
    sent = [
        totetaxi("webhooks", "test", webhook_id, *AS_MARIA, "--json").json["event_id"]
        for _ in range(3)
    ]

    first = totetaxi(*listed, "--limit", "2", "--json").json
    told = totetaxi(*listed, "--limit", "2").out
    rest = totetaxi(*listed, "--after", first["next"], "--json").json
    wrong = totetaxi(*listed, "--after", sent[0])

    assert none == "There is no such delivery.\n"
    assert f"older ones: --after {first['next']}" in told
    found = [one["event_id"] for one in (*first["results"], *rest["results"])]
    assert (found, rest["next"]) == (sent[::-1], None)
    assert (wrong.code, wrong.err.split(":")[0]) == (2, "bad_format --after")


def test_given_a_private_address_when_added_then_one_line_says_why(totetaxi: Runner) -> None:
    refused = totetaxi("webhooks", "add", "https://10.0.0.1/", *AS_MARIA)
    unknown = totetaxi("webhooks", "pause", str(uuid4()), *AS_MARIA)

    assert refused.code in (1, 2)
    assert "subscriber_address_refused" in refused.err
    assert (unknown.code, unknown.err.split(":")[0]) == (1, "webhook_not_found")

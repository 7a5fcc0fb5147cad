"""Nodes that die, and nodes that are taken out, while guests book."""

from collections.abc import Sequence
from typing import Final

from tests.nodes.booking_load import booking_load
from tests.nodes.nodes import Nodes
from tests.scenarios.guest import Booked
from tests.scenarios.house import House

SOME: Final = 15
A_MINUTE_S: Final = 60


def test_given_guests_who_book_when_a_node_is_killed_then_nothing_that_was_answered_is_lost(
    own_nodes: Nodes,
) -> None:
    house, (first, _) = own_nodes.house, own_nodes.api

    with booking_load(house.url) as load:
        load.wait_for(SOME)
        first.process.kill()
        load.wait_for(SOME)
        own_nodes.restart(first)
        load.wait_for(SOME)

    assert_stored_once(load.booked, house)


def test_given_guests_who_book_when_a_worker_is_killed_then_all_that_is_owed_is_done_once(
    own_nodes: Nodes,
) -> None:
    house, (first, _) = own_nodes.house, own_nodes.workers

    with booking_load(house.url) as load:
        load.wait_for(SOME)
        first.kill()
        load.wait_for(SOME)

    assert load.failures == []
    assert_stored_once(load.booked, house)


def test_given_guests_who_book_when_each_node_is_taken_out_in_turn_then_no_request_fails(
    own_nodes: Nodes,
) -> None:
    house, statuses = own_nodes.house, []

    with booking_load(house.url) as load:
        for node in own_nodes.api:
            load.wait_for(SOME)
            own_nodes.nginx.serve_without(node.port)
            statuses.append(node.process.stop())
            load.wait_for(SOME)
            own_nodes.restart(node)
            own_nodes.nginx.serve_without(None)
        load.wait_for(SOME)

    assert load.failures == []
    assert statuses == [0, 0]
    assert_stored_once(load.booked, house)


def test_given_guests_who_book_when_a_node_is_told_to_stop_at_once_then_no_request_fails(
    own_nodes: Nodes,
) -> None:
    house, (first, _) = own_nodes.house, own_nodes.api

    with booking_load(house.url) as load:
        load.wait_for(SOME)
        status = first.process.stop()
        load.wait_for(SOME)
        own_nodes.restart(first)
        load.wait_for(SOME)

    assert load.failures == []
    assert status == 0
    assert_stored_once(load.booked, house)


def assert_stored_once(booked: Sequence[Booked], house: House) -> None:
    """Look for each answered booking, its payment and its mail; there are no others."""
    stored = house.rows("SELECT id FROM bookings")
    answered = {one.id for one in booked}
    assert len(booked) == len(answered)
    assert {str(row["id"]) for row in stored} == answered
    assert len({one.intent_id for one in booked} - {""}) == len(booked)
    house.let_time_pass()
    house.wait_until_nothing_is_owed(within_s=2 * A_MINUTE_S)
    mails = house.rows("SELECT booking_id FROM messages WHERE kind = 'booking_received'")
    assert sorted(str(row["booking_id"]) for row in mails) == sorted(answered)

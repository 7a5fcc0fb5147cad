"""Limits on calls, over all nodes; apart from the races, to whose nodes connections are left."""

from pathlib import Path
from typing import Final

import httpx

from tests.nodes.nodes import Nodes, open_nodes

LOOKUPS: Final = 5


def test_given_a_limit_when_one_address_calls_both_nodes_then_it_holds_over_both(
    postgres_url: str, template: str, tmp_path: Path
) -> None:
    limits = {"RATELIMIT_ENABLE": "true", "RATELIMIT_LOOKUP": f"{LOOKUPS}/hour"}
    with open_nodes(postgres_url, template, tmp_path, **limits) as limited:
        tries = [looked_up(limited, "127.0.0.2") for _ in range(2 * LOOKUPS)]
        another = looked_up(limited, "127.0.0.3")

    assert tries == [404] * LOOKUPS + [429] * LOOKUPS
    assert another == 404


def looked_up(nodes: Nodes, address: str) -> int:
    """Ask nginx for an unknown booking, from an address of this machine."""
    transport = httpx.HTTPTransport(local_address=address)
    with httpx.Client(base_url=nodes.house.url, transport=transport) as http:
        return http.get("/api/public/booking-status/TT-00000000").status_code

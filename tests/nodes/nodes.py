"""Two API processes and two workers on one database, behind nginx."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from tests.nodes.nginx import Nginx
from tests.scenarios.child_process import ChildProcess
from tests.scenarios.guest import Guest
from tests.scenarios.house import House, free_port, open_house

API: Final = "service_without_worker"
PROXY: Final = {"TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": "*"}


@attrs.frozen(kw_only=True)
class Node:
    """An API process; `guest` calls it directly, past nginx."""

    port: int
    process: ChildProcess
    guest: Guest


@attrs.frozen(kw_only=True)
class Nodes:
    """`house.url` and `house.guest` lead to nginx, and so do Stripe's webhooks."""

    house: House
    nginx: Nginx
    api: Sequence[Node]
    workers: Sequence[ChildProcess]

    def restart(self, node: Node) -> None:
        """Start a node again where it was; its end is seen to with the house's."""
        self.house.start(API, port=node.port, **PROXY)


@contextmanager
def open_nodes(server_url: str, template: str, folder: Path, **settings: str) -> Iterator[Nodes]:
    """Open a house with two of everything of ours; `settings` are for the API processes."""
    with open_house(server_url, template, folder) as house:
        nodes = [_node(house, settings) for _ in range(2)]
        workers = [house.start("worker") for _ in range(2)]
        ports = [node.port for node in nodes]
        with Nginx(folder, port=house.port, nodes=ports) as nginx:
            yield Nodes(house=house, nginx=nginx, api=nodes, workers=workers)
        for node in nodes:
            node.guest.close()


def _node(house: House, settings: dict[str, str]) -> Node:
    port = free_port()
    process = house.start(API, port=port, **PROXY, **settings)
    return Node(port=port, process=process, guest=Guest(f"http://127.0.0.1:{port}"))

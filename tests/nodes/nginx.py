"""nginx before the nodes, with the configuration we ship."""

import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self

import httpx

from tests.scenarios.eventually import eventually

SHIPPED: Final = Path(__file__).parents[2] / "deploy/nginx/totetaxi.conf"
NODES: Final = ("server 127.0.0.1:8001", "server 127.0.0.1:8002")
START_S: Final = 30
MAIN: Final = """\
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/totetaxi.conf;
}}
"""


class Nginx:
    """Listens on a port of loopback, for two nodes on theirs. Use it as a context manager."""

    def __init__(self, folder: Path, *, port: int, nodes: Sequence[int]) -> None:
        self._folder, self._port, self._nodes = folder, port, nodes
        self._write()
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(MAIN.format(user=user, folder=folder))
        command = ("nginx", "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf"))
        self._process = subprocess.Popen(command)

    def __enter__(self) -> Self:
        eventually(self._answers, within_s=START_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(START_S)

    def serve_without(self, node: int | None) -> None:
        """Take the node on that port out, or none; return once no request can go there any more.

        That is what whoever upgrades a node does: `down` behind its address, and `nginx -s reload`.
        """
        before = self._workers()
        self._write(down=node)
        self._process.send_signal(signal.SIGHUP)
        eventually(lambda: self._workers() and not self._workers() & before, within_s=START_S)

    def _write(self, *, down: int | None = None) -> None:
        text = SHIPPED.read_text().replace("listen 80;", f"listen 127.0.0.1:{self._port};")
        for shipped, port in zip(NODES, self._nodes, strict=True):
            mark = " down" if port == down else ""
            text = text.replace(shipped, f"server 127.0.0.1:{port}{mark}")
        (self._folder / "totetaxi.conf").write_text(text)

    def _workers(self) -> set[str]:
        children = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return set(children.read_text().split())

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._folder / "error.log").read_text()
        try:
            httpx.get(f"http://127.0.0.1:{self._port}/", trust_env=False)
        except httpx.TransportError:
            return False
        return True

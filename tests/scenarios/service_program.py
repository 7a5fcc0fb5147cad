"""One process of the service, as its command line starts it, for tests that stop and kill it."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import partial
from unittest.mock import patch

from totetaxi_adapters.database import open_database, prepare_schema
from totetaxi_adapters.event_loop import run
from totetaxi_adapters.http_server import LOOPBACK
from totetaxi_adapters.logging import configure_logging
from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.worker_watch import watching
from totetaxi_cli.service_process import serve, work_alone


def announce(url: str = "") -> None:
    print("ready", url, flush=True)  # noqa: T201  what the test waits for


def quick_watch() -> AbstractContextManager[object]:
    """Watch for the worker five times a second, from the start."""
    quick = partial(watching, every=timedelta(seconds=0.2), patience=timedelta())
    return patch("totetaxi_cli.service_process.watching", quick)


def main(role: str) -> None:
    """Run as `service`, `service_without_worker` or `worker` until told to stop.

    `service_on_watch` has no worker either, and looks for one without waiting.
    """
    settings = settings_from(os.environ)
    configure_logging(level=settings.log_level)
    with open_database(settings) as database_url:
        prepare_schema(settings, database_url, migrate=False)
        if role == "worker":
            run(work_alone(settings, database_url, announce=announce))
            return
        watch = quick_watch() if role == "service_on_watch" else nullcontext()
        with watch:
            run(
                serve(
                    settings,
                    database_url,
                    host=LOOPBACK,
                    with_worker=role == "service",
                    announce=announce,
                )
            )


if __name__ == "__main__":
    main(sys.argv[1])

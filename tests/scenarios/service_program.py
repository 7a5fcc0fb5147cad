"""One process of the service, as its command line starts it, for tests that stop and kill it."""

import asyncio
import os
import sys

from totetaxi_adapters.database import open_database, prepare_schema
from totetaxi_adapters.http_server import LOOPBACK
from totetaxi_adapters.logging import configure_logging
from totetaxi_adapters.settings import settings_from
from totetaxi_cli.service_process import serve, work_alone


def announce(url: str = "") -> None:
    print("ready", url, flush=True)  # noqa: T201  what the test waits for


def main(role: str) -> None:
    """Run as `service`, `service_without_worker` or `worker` until told to stop."""
    settings = settings_from(os.environ)
    configure_logging(level=settings.log_level)
    with open_database(settings) as database_url:
        prepare_schema(settings, database_url, migrate=False)
        if role == "worker":
            asyncio.run(work_alone(settings, database_url, announce=announce))
            return
        asyncio.run(
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

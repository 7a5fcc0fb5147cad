"""`totetaxi serve`."""

from typing import Annotated

import typer

from totetaxi_cli.stop_signals import leaving_on_signals


def serve(
    host: Annotated[
        str | None,
        typer.Option(
            "--host",
            help="Address to listen on; 127.0.0.1, in production 0.0.0.0, if not said.",
            show_default=False,
        ),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65_535,
            help="Port to listen on, in place of PORT (8000); 0 takes a free one.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            "--workers",
            min=1,
            max=64,
            help="Processes that answer on the port. With several, the jobs have one of their own,"
            " and any that dies is started anew.",
        ),
    ] = 1,
    no_worker: Annotated[
        bool,
        typer.Option("--no-worker", help="Leave the work to `totetaxi worker` processes."),
    ] = False,
) -> None:
    """Serve the API, the worker and the sandbox, after bringing the database up to date.

    Prints one line with the addresses once it is ready; logs go to standard error.
    Ctrl-C or SIGTERM stops it cleanly.

    Example: totetaxi serve --port 8080 --workers 4
    """
    with leaving_on_signals():
        from totetaxi_cli.service_start import start_service

        start_service(host=host, port=port, workers=workers, with_worker=not no_worker)

"""`totetaxi worker`."""

from totetaxi_cli.stop_signals import leaving_on_signals


def worker() -> None:
    """Do what is owed, in a process apart from the API, until Ctrl-C or SIGTERM.

    Start as many as you like, on as many machines as share DATABASE_URL.

    Example: totetaxi worker
    """
    with leaving_on_signals():
        from totetaxi_cli.service_start import start_worker

        start_worker()

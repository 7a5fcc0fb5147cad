"""`totetaxi dashboard`."""

from totetaxi_cli.command_options import AsJson


def dashboard(json: AsJson = False) -> None:
    """Show today's pickups, this week, the money, and what waits for somebody.

    Example: totetaxi dashboard
    """
    from totetaxi_cli.dashboard_view import dashboard_to_terminal

    dashboard_to_terminal(as_json=json)

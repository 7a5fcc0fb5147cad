"""A booking's drive on the terminal."""

from totetaxi_cli.output import moment, print_table
from totetaxi_core.bookings.show_booking import BookingFile
from totetaxi_core.logistics.courier_task import CourierTask


def print_drive(file: BookingFile) -> None:
    """Print the tasks given to the courier, deleted ones too; nothing where there are none."""
    if not file.courier_tasks:
        return
    print_table(
        ("leg", "status", "from (UTC)", "until (UTC)", "driver", "at Onfleet", "tracking"),
        [
            (
                task.leg,
                _standing(task),
                moment(task.window_start_at),
                moment(task.window_end_at),
                task.worker_name or None,
                task.onfleet_short_id or None,
                task.tracking_url or None,
            )
            for task in file.courier_tasks
        ],
        title="Drive",
    )


def _standing(task: CourierTask) -> str:
    why = task.refusal or (task.failure_reason if task.completed_at or task.is_final else "")
    return f"{task.status}: {why}" if why else task.status

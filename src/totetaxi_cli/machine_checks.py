"""What the machine itself must bring: time zones and room on the disk."""

import shutil
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from totetaxi_adapters.wiring import BUSINESS_ZONE
from totetaxi_cli.health_check import HealthCheck, failed, passed, warned

TIGHT_BYTES = 2 * 1024**3
FULL_BYTES = 200 * 1024**2


def check_time_zone() -> HealthCheck:
    """Tell whether the business's own zone is known here."""
    try:
        zone = ZoneInfo(BUSINESS_ZONE)
    except ZoneInfoNotFoundError:
        return failed(
            "time zones", f"{BUSINESS_ZONE} is unknown", advice="install the package tzdata"
        )
    return passed("time zones", f"{zone} is known")


def check_disk(data_dir: Path) -> HealthCheck:
    """Tell how much room is left where the data is, or will be."""
    there = next(one for one in (data_dir, *data_dir.parents) if one.exists())
    free = shutil.disk_usage(there).free
    message = f"{free / 1024**3:.1f} GiB free for {data_dir}"
    advice = "make room, or set TOTETAXI_DATA_DIR to a folder on another disk"
    if free < FULL_BYTES:
        return failed("disk", message, advice=advice)
    if free < TIGHT_BYTES:
        return warned("disk", message, advice=advice)
    return passed("disk", message)

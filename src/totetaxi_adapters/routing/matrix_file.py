"""A file of driving times: minutes between places, as CSV or JSON.

CSV has the header `from,to,minutes`; JSON is `{"10021": {"11937": 170}}`. A place is a ZIP of five
digits, or `latitude,longitude`.
"""

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Final

from totetaxi_core.geography.point import Point
from totetaxi_core.logistics.driving import DrivingMatrix, Place
from totetaxi_core.refusal import FieldFault, InvalidInputError

COLUMNS: Final = ("from", "to", "minutes")
ZIP: Final = re.compile(r"[0-9]{5}", re.ASCII)
POINT: Final = re.compile(r"(-?[0-9]{1,2}\.[0-9]+), ?(-?[0-9]{1,3}\.[0-9]+)", re.ASCII)
LONGEST: Final = 24 * 60

Row = tuple[str, object, object, object]


def read_matrix(path: Path, *, field: str) -> DrivingMatrix:
    """Read the file; `field` is what its faults are said to be of.

    Raises:
        OSError: it cannot be read.
        InvalidInputError: it is no such file; every bad row is named.
    """
    try:
        text = path.read_text("utf-8-sig")
        rows = [*(_json_rows(text) if path.suffix.lower() == ".json" else _csv_rows(text))]
    except ValueError as error:
        raise InvalidInputError([_fault(field, f"cannot be read: {error}")]) from error
    minutes: dict[tuple[str, str], int] = {}
    faults = []
    for where, start, end, told in rows:
        pair, whole = (_name(start), _name(end)), _minutes(told)
        if None in pair:
            faults.append(_fault(f"{field}.{where}", "a place is 10021, or 40.7712,-73.9649"))
        elif whole is None:
            faults.append(_fault(f"{field}.{where}", f"minutes are whole, 0 to {LONGEST}"))
        else:
            minutes[str(pair[0]), str(pair[1])] = whole
    if faults:
        raise InvalidInputError(faults)
    return DrivingMatrix(minutes=minutes)


def _csv_rows(text: str) -> Iterator[Row]:
    rows = csv.reader(StringIO(text), strict=True, skipinitialspace=True)
    try:
        header = tuple(cell.strip().lower() for cell in next(rows, ()))
        if header != COLUMNS:
            raise ValueError(f"its first line is not {','.join(COLUMNS)}")
        for row in rows:
            if len(row) == len(COLUMNS):
                yield (f"line {rows.line_num}", *(cell.strip() for cell in row))  # type: ignore[misc]  # three cells
            elif row:
                yield f"line {rows.line_num}", None, None, None
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _json_rows(text: str) -> Iterator[Row]:
    read = json.loads(text)
    if not isinstance(read, dict) or not all(isinstance(row, dict) for row in read.values()):
        raise ValueError('it is not like {"10021": {"11937": 170}}')
    for start, row in read.items():
        for end, told in row.items():
            yield f"{start}.{end}", start, end, told


def _name(told: object) -> str | None:
    """Return the place's name as the plan writes it, None where it is none."""
    if not isinstance(told, str):
        return None
    if ZIP.fullmatch(told):
        return told
    found = POINT.fullmatch(told)
    if found is None:
        return None
    point = Point(latitude=float(found[1]), longitude=float(found[2]))
    return Place(point=point, zip_code="").names[0]


def _minutes(told: object) -> int | None:
    if isinstance(told, str) and told.isascii() and told.isdecimal():
        told = int(told)
    if not isinstance(told, int) or isinstance(told, bool) or not 0 <= told <= LONGEST:
        return None
    return told


def _fault(field: str, message: str) -> FieldFault:
    return FieldFault(field=field, code="invalid", message=message)

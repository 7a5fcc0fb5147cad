"""The preview over HTTP, against the same server answering fixed bytes."""

import json
import os
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlencode

from benchmarks.child_process import child, module_command
from benchmarks.effort import Effort
from benchmarks.figure import Figure
from benchmarks.load import asked, load
from benchmarks.preview_server import FIXED_PATH, PREVIEW_PATH
from benchmarks.progress import Progress
from benchmarks.quote_requests import RequestMix
from benchmarks.rounds import interleaved
from totetaxi_core import PriceBook, QuoteRequest

NAME: Final = "preview"
LEAST_PERCENT: Final = 40
# Short ones: what else the machine does may then hit one side only for a few of many.
TURNS_A_ROUND: Final = 5
CONNECTIONS: Final = 16


def measure(effort: Effort, progress: Progress) -> Iterator[Figure]:
    """Ask a service whose unit of work raises: the preview does without a database."""
    progress.tell("a service without a database, asked by this process ...")
    requests = RequestMix(PriceBook.default()).distinct(effort.requests)
    command = module_command("benchmarks.preview_server", str(effort.requests))
    with child(command, environment=os.environ) as service:
        turns = interleaved(
            {
                f"{method} {what}": _asking(service.line, method, path, requests, effort)
                for method in ("POST", "GET")
                for what, path in (("preview", PREVIEW_PATH), ("fixed bytes", FIXED_PATH))
            },
            rounds=TURNS_A_ROUND * effort.rounds,
            progress=progress,
        )
    for method in ("POST", "GET"):
        ours, fixed = f"{method} preview", f"{method} fixed bytes"
        yield Figure(
            name=f"Preview by {method}",
            value=100 * turns.share(ours, of=fixed),
            unit="% of fixed bytes",
            limit=LEAST_PERCENT,
            note=f"{turns.median(ours):,.0f} /s against {turns.median(fixed):,.0f} /s",
        )


def _asking(
    url: str, method: str, path: str, requests: list[QuoteRequest], effort: Effort
) -> Callable[[], float]:
    write = as_body if method == "POST" else as_query
    on_wire = [write(path, one) for one in requests]
    seconds = effort.round_s / TURNS_A_ROUND
    return lambda: load(url, on_wire, connections=CONNECTIONS, seconds=seconds).per_s


def as_body(path: str, request: QuoteRequest) -> bytes:
    items = [{"id": str(item.id), "quantity": item.quantity} for item in request.specialty_items]
    organizing = [str(one) for one in request.organizing_service_ids]
    lists = {"specialty_items": items, "organizing_service_ids": organizing}
    fields = _fields(request) | {name: entries for name, entries in lists.items() if entries}
    return asked("POST", path, body=json.dumps(fields).encode())


def as_query(path: str, request: QuoteRequest) -> bytes:
    pairs = [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in _fields(request).items()
    ]
    pairs += [("specialty_items", f"{item.id}:{item.quantity}") for item in request.specialty_items]
    pairs += [("organizing_service_ids", str(one)) for one in request.organizing_service_ids]
    return asked("GET", f"{path}?{urlencode(pairs)}")


def _fields(request: QuoteRequest) -> dict[str, object]:
    sent = {
        "service_type": request.service_type.value,
        "pickup_date": request.pickup_date.isoformat(),
        "pickup_time": f"{request.pickup_time:%H:%M}",
        "pickup_zip": request.pickup_zip,
        "delivery_zip": request.delivery_zip,
        "mini_move_package_id": _text(request.mini_move_package_id),
        "blade_service_id": _text(request.blade_service_id),
        "item_count": request.item_count,
        "include_packing": request.include_packing or None,
        "include_unpacking": request.include_unpacking or None,
        "coi_required": request.coi_required or None,
        "same_day": request.same_day or None,
        "total_weight_lb": request.total_weight_lb,
    }
    return {name: value for name, value in sent.items() if value is not None}


def _text(value: object) -> str | None:
    return None if value is None else str(value)

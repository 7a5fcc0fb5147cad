"""docs/api.md, made from the API's own description."""

from collections.abc import Iterator, Mapping
from typing import Any

from totetaxi_adapters.settings import settings_from
from totetaxi_http.app import create_app
from totetaxi_http.health import HealthReport
from totetaxi_http.service import service_handlers

HEAD = """# The API

Every path works with and without the trailing slash. Bodies and answers are JSON; `/schema` on a
running service shows their fields, with examples. Errors are `application/problem+json`; the codes
below are their `error_type`. Made by `python -m totetaxi_http.api_table > docs/api.md`.

| Audience | Method | Path | Body | Answers | Errors |
| --- | --- | --- | --- | --- | --- |
"""


def api_table() -> str:
    """Return the document: a row for every operation, by audience and path."""
    document = _document()
    rows = sorted(_rows(document))
    return HEAD + "\n".join(rows) + "\n"


def _document() -> Mapping[str, Any]:
    async def unread() -> HealthReport:
        raise RuntimeError("nobody asks")

    class Unlimited:
        async def hit(self, key: str, *, limit: int, window_s: int) -> float | None:
            del key, limit, window_s
            return None

    app = create_app(
        settings_from({}),
        handlers=service_handlers(),
        health=unread,
        shared_limiter=Unlimited(),
    )
    document: Mapping[str, Any] = app.openapi_schema.to_schema()
    return document


def _rows(document: Mapping[str, Any]) -> Iterator[str]:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield _row(path, method, operation)


def _row(path: str, method: str, operation: Mapping[str, Any]) -> str:
    audience = ", ".join(operation.get("tags", ["service"]))
    answers = [status for status in operation["responses"] if status < "4"]
    errors = [
        f"{status} {_codes(response)}".strip()
        for status, response in sorted(operation["responses"].items())
        if status >= "4"
    ]
    cells = (
        audience,
        method.upper(),
        f"`{path}`",
        _body(operation),
        ", ".join(sorted(answers)),
        "; ".join(errors),
    )
    return f"| {' | '.join(cells)} |"


def _body(operation: Mapping[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    for media in content.values():
        reference: str = media["schema"].get("$ref", "")
        return f"`{reference.rpartition('/')[2]}`" if reference else ""
    return ""


def _codes(response: Mapping[str, Any]) -> str:
    for media in response.get("content", {}).values():
        return ", ".join(example["summary"] for example in media.get("examples", {}).values())
    return ""


if __name__ == "__main__":
    print(api_table(), end="")  # noqa: T201  it is what the command is for

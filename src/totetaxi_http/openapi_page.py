"""The OpenAPI document as one HTML page without scripts: it needs no other host."""

from html import escape
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

_METHODS = ("get", "post", "put", "patch", "delete")
_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
summary { cursor: pointer; padding: .3rem 0 } code, pre { font-family: ui-monospace, monospace }
pre { background: #f4f4f4; padding: .8rem; overflow: auto } .verb { font-weight: bold }
td, th { text-align: left; padding: .1rem .8rem .1rem 0; vertical-align: top }
"""


class PlainPage(OpenAPIRenderPlugin):
    """Serves the page at the root of the schema's path."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the page of `openapi_schema`."""
        del request
        title = escape(openapi_schema["info"]["title"])
        operations = "".join(
            _operation(path, method, item[method])
            for path, item in sorted(openapi_schema.get("paths", {}).items())
            for method in _METHODS
            if method in item
        )
        schemas = openapi_schema.get("components", {}).get("schemas", {})
        bodies = "".join(_schema(name, schemas[name]) for name in sorted(schemas))
        return (
            f"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>{title}</title>"
            f"<meta name=viewport content='width=device-width'><style>{_STYLE}</style>"
            f"<h1>{title}</h1><p><a href='/schema/openapi.json'>openapi.json</a></p>"
            f"<h2>Operations</h2>{operations}<h2>Schemas</h2>{bodies}</html>"
        ).encode()


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    head = f"<span class=verb>{method.upper()}</span> <code>{escape(path)}</code>"
    summary = escape(operation.get("summary") or "")
    said = escape(operation.get("description") or "")
    responses = "".join(
        f"<tr><td>{escape(status)}<td>{escape(response.get('description') or '')}"
        for status, response in sorted(operation.get("responses", {}).items())
    )
    return (
        f"<details><summary>{head} {summary}</summary><p>{said}</p>"
        f"{_parameters(operation)}{_body(operation)}<table>{responses}</table></details>"
    )


def _parameters(operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code><td>{escape(one['in'])}"
        f"<td>{'required' if one.get('required') else ''}"
        f"<td>{escape(one.get('description') or '')}"
        for one in operation.get("parameters", ())
    )
    return f"<table>{rows}</table>" if rows else ""


def _body(operation: dict[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return "".join(
        f"<p>Body, {escape(kind)}:</p>{_json(told.get('schema', {}))}"
        for kind, told in content.items()
    )


def _schema(name: str, schema: dict[str, Any]) -> str:
    return (
        f"<details id='{escape(name)}'><summary><code>{escape(name)}</code></summary>"
        f"{_json(schema)}</details>"
    )


def _json(value: Any) -> str:  # noqa: ANN401  any part of the document
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    return f"<pre>{escape(text)}</pre>"

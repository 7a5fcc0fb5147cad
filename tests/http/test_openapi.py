"""The document says what the checks do."""

from typing import Any

import pytest

from tests.http.echo import client_of, echo_app

PIECE = "11111111-2222-3333-4444-555555555555"

TIME_PATTERN = "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"


async def document() -> dict[str, Any]:
    async with client_of(echo_app()) as client:
        answer = await client.get("/schema/openapi.json")
    found: dict[str, Any] = answer.json()
    return found


def schema_at(schemas: dict[str, Any], path: str) -> dict[str, Any]:
    """Follow `Class.field`; of an optional field, what it is when present."""
    name, field = path.split(".")
    found: dict[str, Any] = schemas[name]["properties"][field]
    return next((one for one in found.get("oneOf", ()) if one.get("type") != "null"), found)


@pytest.mark.parametrize(
    ("place", "keyword", "limit", "bad", "field"),
    [
        ("Echo.name", "maxLength", 20, {"name": "x" * 21}, "name"),
        ("Echo.name", "minLength", 1, {"name": ""}, "name"),
        ("Echo.note", "maxLength", 50, {"note": "x" * 51}, "note"),
        ("Echo.count", "minimum", 1, {"count": 0}, "count"),
        ("Echo.count", "maximum", 99, {"count": 100}, "count"),
        ("Echo.pieces", "maxItems", 3, {"pieces": [1] * 4}, "pieces"),
        ("Echo.email", "format", "email", {"email": "x"}, "email"),
        ("Echo.email", "maxLength", 254, {"email": "x" * 255}, "email"),
        ("Echo.phone", "maxLength", 32, {"phone": "1" * 33}, "phone"),
        ("Echo.on", "format", "date", {"on": "x"}, "on"),
        ("Echo.at", "pattern", TIME_PATTERN, {"at": "24:00"}, "at"),
        ("Echo.since", "format", "date-time", {"since": "x"}, "since"),
        (
            "Address.zip_code",
            "pattern",
            "^[0-9]{5}(-[0-9]{4})?$",
            {"address": {"zip_code": "1"}},
            "address.zip_code",
        ),
        (
            "Address.state",
            "maxLength",
            2,
            {"address": {"zip_code": "10001", "state": "NYC"}},
            "address.state",
        ),
        (
            "Address.latitude",
            "maximum",
            90,
            {"address": {"zip_code": "10001", "latitude": 91}},
            "address.latitude",
        ),
        (
            "Address.latitude",
            "minimum",
            -90,
            {"address": {"zip_code": "10001", "latitude": -91}},
            "address.latitude",
        ),
        (
            "Piece.quantity",
            "maximum",
            5,
            {"pieces": [{"id": PIECE, "quantity": 6}]},
            "pieces.0.quantity",
        ),
        ("Piece.id", "format", "uuid", {"pieces": [{"id": "x", "quantity": 1}]}, "pieces.0.id"),
    ],
)
async def test_given_a_limit_when_stated_once_then_the_check_and_the_document_have_it(
    place: str, keyword: str, limit: object, bad: dict[str, object], field: str
) -> None:
    schemas = (await document())["components"]["schemas"]

    async with client_of(echo_app()) as client:
        answer = await client.post("/echo", json={"name": "Ada", "count": 2} | bad)

    assert schema_at(schemas, place)[keyword] == limit
    assert [detail["field"] for detail in answer.json()["details"]] == [field]


async def test_given_a_body_class_when_documented_then_it_is_closed_and_described() -> None:
    echo = (await document())["components"]["schemas"]["Echo"]

    name = echo["properties"]["name"]

    assert echo["additionalProperties"] is False
    assert echo["required"] == ["count", "name"]
    assert echo["examples"] == [{"name": "Ada", "count": 2}]
    assert (name["description"], name["examples"]) == ("What to call it.", ["Ada"])


async def test_given_a_query_class_when_documented_then_each_field_is_a_parameter() -> None:
    operation = (await document())["paths"]["/search"]["get"]

    parameters = {one["name"]: one for one in operation["parameters"]}

    assert set(parameters) == {"limit", "exact", "on", "color", "ids", "pieces"}
    assert parameters["limit"]["required"] is True
    assert parameters["limit"]["description"] == "At most this many."
    assert parameters["limit"]["schema"]["maximum"] == 100
    assert parameters["color"]["schema"]["oneOf"][0]["enum"] == ["red", "blue"]
    assert parameters["pieces"]["schema"]["items"]["description"] == "id:quantity"


async def test_given_operations_when_documented_then_their_errors_are_problems() -> None:
    paths = (await document())["paths"]

    errors = {
        status: set(response["content"])
        for status, response in paths["/echo"]["post"]["responses"].items()
        if status >= "400"
    }

    assert set(errors) == {"400", "409", "413", "415", "429"}
    assert all(kinds == {"application/problem+json"} for kinds in errors.values())
    assert set(paths["/search"]["get"]["responses"]) == {"200", "400", "429"}
    assert set(paths["/things/{thing_id}"]["get"]["responses"]) == {"200", "404", "429"}
    assert set(paths["/health/live"]["get"]["responses"]) == {"200"}


async def test_given_the_docs_page_when_opened_then_it_lists_all_and_needs_no_other_host() -> None:
    async with client_of(echo_app()) as client:
        page = await client.get("/schema")

    assert page.headers["content-type"].startswith("text/html")
    assert "<code>/echo</code>" in page.text
    assert "<script" not in page.text
    assert "//" not in page.text.replace("https://json-schema.org", "")

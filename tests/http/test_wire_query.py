"""Query strings: the same checks and the same faults, from text."""

import pytest

from tests.http.echo import client_of, echo_app

PIECE = "11111111-2222-3333-4444-555555555555"


async def test_given_a_full_query_when_asked_then_its_text_becomes_values() -> None:
    query = f"limit=7&exact=true&on=2026-12-01&color=red&ids={PIECE}&ids={PIECE}&pieces={PIECE}:2"

    async with client_of(echo_app()) as client:
        answer = await client.get(f"/search/?{query}")

    assert answer.json() == {
        "limit": 7,
        "exact": True,
        "on": "2026-12-01",
        "color": "red",
        "ids": [PIECE, PIECE],
        "pieces": [{"id": PIECE, "quantity": 2}],
    }


async def test_given_many_bad_parameters_when_asked_then_all_are_named() -> None:
    query = "limit=0&exact=yes&on=&color=green&ids=1&pieces=1:9&pieces=1:2:3&page=2"

    async with client_of(echo_app()) as client:
        answer = await client.get(f"/search?{query}")

    found = {detail["field"]: detail["code"] for detail in answer.json()["details"]}
    assert answer.status_code == 400
    assert found == {
        "limit": "too_small",
        "exact": "wrong_type",
        "on": "not_a_date",
        "color": "invalid_choice",
        "ids.0": "not_a_uuid",
        "pieces.0.id": "not_a_uuid",
        "pieces.0.quantity": "too_large",
        "pieces.1": "bad_format",
        "page": "unknown_field",
    }


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("", "limit", "missing"),
        ("limit=1&limit=2", "limit", "repeated"),
        ("limit=1e3", "limit", "wrong_type"),
        ("limit=%00", "limit", "wrong_type"),
        ("limit=٣", "limit", "wrong_type"),
        ("limit=%ff", "query", "bad_format"),
        ("limit=1" + "&ids=1" * 201, "query", "bad_format"),
    ],
)
async def test_given_one_bad_parameter_when_asked_then_it_is_named(
    query: str, field: str, code: str
) -> None:
    path = f"/search?{query}"

    async with client_of(echo_app()) as client:
        answer = await client.get(path)

    detail = answer.json()["details"][0]
    assert (answer.status_code, detail["field"], detail["code"]) == (400, field, code)

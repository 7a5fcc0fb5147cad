"""Bodies: typed strictly, every bad field named at once."""

from uuid import UUID

import pytest

from tests.http.echo import client_of, echo_app

GOOD = {"name": "Ada", "count": 2}
PIECE = "11111111-2222-3333-4444-555555555555"


async def faults(body: object) -> dict[str, str]:
    async with client_of(echo_app()) as client:
        answer = await client.post("/echo", json=body)
    assert answer.status_code == 400, answer.text
    return {detail["field"]: detail["code"] for detail in answer.json()["details"]}


async def raw_fault(content: bytes) -> tuple[int, str, str]:
    async with client_of(echo_app()) as client:
        answer = await client.post(
            "/echo", content=content, headers={"content-type": "application/json"}
        )
    detail = answer.json()["details"][0]
    return answer.status_code, detail["field"], detail["code"]


async def test_given_every_kind_of_field_when_sent_well_then_it_comes_back_normalised() -> None:
    body = GOOD | {
        "name": "  Ada ",
        "note": "two\nlines",
        "sure": True,
        "color": "blue",
        "on": "2026-12-01",
        "at": "09:30:00",
        "since": "2026-12-01T09:00:00-05:00",
        "email": "Ada@EXAMPLE.com",
        "phone": "(212) 555-0123",
        "address": {"zip_code": " 10001-1234 ", "state": "ny", "latitude": 40},
        "pieces": [{"id": PIECE, "quantity": 5}],
    }

    async with client_of(echo_app()) as client:
        answer = await client.post("/echo/", json=body)

    assert answer.status_code == 200
    assert answer.json() == body | {
        "name": "Ada",
        "at": "09:30",
        "since": "2026-12-01T14:00:00Z",
        "email": "Ada@example.com",
        "phone": "+12125550123",
        "address": {"zip_code": "10001-1234", "state": "NY", "latitude": 40.0},
    }


async def test_given_many_bad_fields_when_sent_then_all_are_named_by_path_and_code() -> None:
    body = {
        "name": 7,
        "color": "green",
        "on": "2026-02-30",
        "at": "25:00",
        "email": "nobody",
        "phone": "12",
        "address": {"zip_code": "1234", "state": "ZZ", "city": "?"},
        "pieces": [{"id": "x", "quantity": 6}, 4],
        "surprise": 1,
    }

    found = await faults(body)

    assert found == {
        "name": "wrong_type",
        "count": "missing",
        "color": "invalid_choice",
        "on": "not_a_date",
        "at": "not_a_time",
        "email": "not_an_email",
        "phone": "not_a_phone_number",
        "address.zip_code": "not_a_zip_code",
        "address.state": "not_a_state",
        "address.city": "unknown_field",
        "pieces.0.id": "not_a_uuid",
        "pieces.0.quantity": "too_large",
        "pieces.1": "wrong_type",
        "surprise": "unknown_field",
    }


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("count", "1", "wrong_type"),
        ("count", 1.0, "wrong_type"),
        ("count", True, "wrong_type"),
        ("count", None, "wrong_type"),
        ("count", -5, "too_small"),
        ("count", 10**40, "too_large"),
        ("sure", 1, "wrong_type"),
        ("sure", "true", "wrong_type"),
        ("name", "", "blank"),
        ("name", " \t ", "blank"),
        ("name", "x" * 21, "too_long"),
        ("name", "a\x00b", "null_byte"),
        ("name", "a\nb", "control_character"),
        ("name", "a\u2028b", "control_character"),
        ("name", "a\u202eb", "control_character"),
        ("name", "a\x9bb", "control_character"),
        ("name", ["Ada"], "wrong_type"),
        ("on", "20261201", "not_a_date"),
        ("on", "2026-W49-2", "not_a_date"),
        ("on", "２０２６-12-01", "not_a_date"),  # noqa: RUF001  full-width digits on purpose
        ("at", "9:30", "not_a_time"),
        ("at", "09:30:00.5", "not_a_time"),
        ("since", "2026-12-01T09:00:00", "not_an_instant"),
        ("address", "10001", "wrong_type"),
        ("address", [], "wrong_type"),
        ("pieces", "abc", "wrong_type"),
        ("pieces", {"0": 1}, "wrong_type"),
        ("pieces", [1] * 4, "too_many_items"),
    ],
)
async def test_given_one_bad_value_when_sent_then_its_field_and_code_are_answered(
    field: str, value: object, code: str
) -> None:
    body = GOOD | {field: value}

    found = await faults(body)

    assert found == {field: code}


async def test_given_a_bad_coordinate_when_sent_then_it_is_named() -> None:
    body = GOOD | {"address": {"zip_code": "10001", "latitude": 90.5}}

    found = await faults(body)

    assert found == {"address.latitude": "too_large"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "missing"),
        (b"{", "not_json"),
        (b'{"count": NaN}', "not_json"),
        (b'{"count": 1e999}', "not_json"),
        (b'{"name": "\\ud800"}', "not_json"),
        (b"\xff", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b"[]", "wrong_type"),
        (b"null", "wrong_type"),
        (b'"text"', "wrong_type"),
    ],
)
async def test_given_a_body_that_is_no_object_when_sent_then_the_body_is_named(
    content: bytes, code: str
) -> None:
    sent = content

    status, field, found = await raw_fault(sent)

    assert (status, field, found) == (400, "body", code)


async def test_given_wrong_types_and_broken_rules_when_sent_then_both_are_named() -> None:
    body = {"name": "Nobody", "count": "many"}

    found = await faults(body)

    assert found == {"count": "wrong_type", "name": "forbidden_name"}


async def test_given_more_unknown_fields_than_we_answer_when_sent_then_the_answer_ends() -> None:
    body = GOOD | {f"x{number}": 1 for number in range(2_000)}

    found = await faults(body)

    assert len(found) == 500


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_given_another_content_type_when_sent_then_it_is_415(kind: str) -> None:
    headers = {"content-type": kind}

    async with client_of(echo_app()) as client:
        answer = await client.post("/echo", content=b'{"name": "Ada"}', headers=headers)

    assert (answer.status_code, answer.json()["error_type"]) == (415, "unsupported_media_type")


async def test_given_each_kind_of_value_when_answered_then_it_is_written_as_promised() -> None:
    path = "/moments"

    async with client_of(echo_app()) as client:
        answer = await client.get(path)

    assert answer.json() == {
        "instant": "2026-12-01T14:30:00Z",
        "date": "2026-12-01",
        "time": "09:30",
        "id": str(UUID(int=1)),
    }

"""An address has one name without case, here and in the database."""

import pytest

from tests.adapters.postgres.server_view import fetch
from tests.http.echo import client_of, echo_app


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jurgen@EXÄMPLE.de", "Jurgen@exämple.de"),
        ("JURGEN@Example.de", "JURGEN@example.de"),
        ("Ada@\u0391\u03a3.gr", "Ada@\u03b1\u03c3.gr"),  # a sigma at the end of a word
    ],
)
async def test_given_capital_letters_when_sent_then_all_who_lower_it_agree(
    database_url: str, typed: str, kept: str
) -> None:
    async with client_of(echo_app()) as client:
        answer = await client.post("/echo", json={"name": "Ada", "count": 2, "email": typed})

    email = answer.json()["email"]
    assert email == kept
    assert fetch(database_url, "SELECT lower(%s)", email) == [(email.lower(),)]


async def test_given_letters_no_mail_can_carry_before_the_at_when_sent_then_it_is_refused() -> None:
    body = {"name": "Ada", "count": 2, "email": "jürgen@example.de"}
    async with client_of(echo_app()) as client:
        answer = await client.post("/echo", json=body)

    assert answer.status_code == 400
    assert [detail["field"] for detail in answer.json()["details"]] == ["email"]

"""An address has one name without case, here and in the database."""

import pytest

from tests.adapters.postgres.server_view import fetch
from tests.http.echo import client_of, echo_app


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jürgen@Exämple.de", "Jürgen@exämple.de"),
        ("JÜRGEN@example.de", "JüRGEN@example.de"),
        ("İan@example.com", "i̇an@example.com"),
        ("\u0391\u03a3@example.gr", "\u03b1\u03c3@example.gr"),  # a sigma at the end of a word
        ("\u212aim@example.com", "Kim@example.com"),
    ],
)
async def test_given_letters_beyond_ascii_when_sent_then_all_who_lower_it_agree(
    database_url: str, typed: str, kept: str
) -> None:
    async with client_of(echo_app()) as client:
        answer = await client.post("/echo", json={"name": "Ada", "count": 2, "email": typed})

    email = answer.json()["email"]
    assert email == kept
    assert fetch(database_url, "SELECT lower(%s)", email) == [(email.lower(),)]

from totetaxi_core.customers.pseudonyms import Pseudonyms


def test_given_an_address_when_hashed_then_it_is_the_same_whatever_its_case_and_tells_nothing() -> (
    None
):
    pseudonyms = Pseudonyms("a secret")

    made = {pseudonyms.of(text) for text in ("Ada@example.com", " ada@EXAMPLE.com")}

    assert len(made) == 1
    assert "ada" not in str(made).lower()
    assert made != {pseudonyms.of("bea@example.com")}


def test_given_another_secret_when_hashed_then_it_is_another() -> None:
    one, other = Pseudonyms("a secret"), Pseudonyms("another")

    assert one.of("ada@example.com") != other.of("ada@example.com")

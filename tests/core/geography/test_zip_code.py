import pytest

from totetaxi_core.geography.zip_code import five_digits


@pytest.mark.parametrize(
    ("zip_code", "five"), [("10001", "10001"), ("07302", "07302"), ("11954-1234", "11954")]
)
def test_given_a_zip_code_when_read_then_its_first_five_digits_answer(
    zip_code: str, five: str
) -> None:
    read = five_digits(zip_code)

    assert read == five


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1000",
        "100011",
        "10001-",
        "10001-123",
        "10001-12345",
        "100011234",
        " 10001",
        "10001 ",
        "10001\n",
        "10001-1234\n",
        "1000a",
        "10001\0",
        "١٠٠٠١",  # noqa: RUF001  Arabic digits are the point
        "１０００１",  # noqa: RUF001  so are the wide ones
    ],
)
def test_given_anything_else_when_read_then_it_is_no_zip_code(text: str) -> None:
    read = five_digits(text)

    assert read is None

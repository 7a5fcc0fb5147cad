"""`totetaxi messages preview`: each kind, without a database."""

from pathlib import Path

import pytest

from totetaxi_adapters.settings import settings_from
from totetaxi_adapters.wiring import terms_of
from totetaxi_cli.main import main
from totetaxi_cli.messages_preview import NoSuchShapeError, Shape, shown_as
from totetaxi_core.notifications.message import MessageKind

TERMS = terms_of(settings_from({"COMPANY_NAME": "Tote Co", "COMPANY_ADDRESS": "1 Main St"}))
WITH_CALENDAR = {
    MessageKind.BOOKING_CONFIRMED,
    MessageKind.BOOKING_RESCHEDULED,
    MessageKind.BOOKING_CANCELLED,
}
WITH_TEXT = {MessageKind.REMINDER, MessageKind.DRIVER_ON_THE_WAY, MessageKind.DELIVERED}


@pytest.mark.parametrize("kind", list(MessageKind))
def test_given_any_kind_when_previewed_then_each_shape_it_has_is_shown_and_no_other(
    kind: MessageKind,
) -> None:
    shown: dict[Shape, str] = {}
    for shape in Shape:
        try:
            shown[shape] = shown_as(shape, kind, TERMS)
        except NoSuchShapeError:
            continue

    expected = {Shape.TEXT, Shape.HTML}
    expected |= {Shape.ICS} if kind in WITH_CALENDAR else set()
    expected |= {Shape.SMS} if kind in WITH_TEXT else set()
    assert set(shown) == expected
    assert "None" not in shown[Shape.TEXT]
    assert "{" not in shown[Shape.TEXT]
    assert shown[Shape.HTML].startswith("<!doctype html>")


def previewed(*arguments: str) -> int:
    """Run the command in this process and return its exit code."""
    with pytest.raises(SystemExit) as ended:
        main(["messages", "preview", *arguments])
    return int(ended.value.code or 0)


def test_given_a_kind_when_previewed_then_its_mail_is_printed_with_the_company_s_address(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPANY_ADDRESS", "1 Main St, New York")

    code = previewed("refund_sent")

    printed = capsys.readouterr().out
    assert code == 0
    assert printed.startswith("To: ada.lovelace@example.com\nSubject: Your refund of $497.50")
    assert printed.endswith("-- \nToteTaxi\n1 Main St, New York\n")


def test_given_a_file_when_previewed_then_the_calendar_entry_is_written_as_it_is_sent(
    tmp_path: Path,
) -> None:
    out = tmp_path / "booking.ics"

    code = previewed("booking_cancelled", "--ics", "--out", str(out))

    content = out.read_bytes()
    assert code == 0
    assert content.startswith(b"BEGIN:VCALENDAR\r\n")
    assert b"METHOD:CANCEL\r\n" in content


def test_given_a_kind_without_a_text_message_when_previewed_then_one_line_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = previewed("receipt", "--sms")

    assert code == 1
    assert capsys.readouterr().err == "no_such_shape: receipt messages have no sms\n"

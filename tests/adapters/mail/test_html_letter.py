"""A message as HTML: escaped, linked, and saying what its text says."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.builders import NOW, a_booking, a_contact, a_message, a_rich_quote
from tests.core.bookings.memory_house import MemoryHouse
from totetaxi_adapters.mail.html_letter import html_of
from totetaxi_cli.message_example import example_messages
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.notifications.booking_letter import write_letter
from totetaxi_core.notifications.message import Channel, Message, MessageKind
from totetaxi_core.notifications.occasion import Occasion

TERMS = replace(
    MemoryHouse().terms, company_name="Tote & Taxi", company_address="1 Main St, New York, NY"
)
VOID = frozenset({"meta", "br"})


class Page(HTMLParser):
    """What a reader sees of a page: words, links by label, and rows of tables."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self._href = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "a":
            self._href = dict(attrs)["href"] or ""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if tag == "a":
            self._href = ""

    def handle_data(self, data: str) -> None:
        said = data.strip()
        if said and not {"style", "title"} & {*self.open}:
            self.words.append(said)
            if self._href:
                self.links.append((said, self._href))


def mail_about(booking: Booking, kind: MessageKind) -> Message:
    letter = write_letter(kind, Occasion(booking=booking, now=NOW), TERMS)
    message = a_message(booking=booking)
    return replace(message, kind=kind, to=letter.to, subject=letter.subject, text=letter.text)


@pytest.mark.parametrize("kind", list(MessageKind))
def test_given_any_kind_of_message_when_rendered_then_the_page_is_whole_and_says_all_of_its_text(
    kind: MessageKind,
) -> None:
    [mail] = [each for each in example_messages(kind, TERMS) if each.channel is Channel.EMAIL]

    page = Page(html_of(mail))

    assert page.open == []
    assert not page.tags & {"script", "img", "form", "iframe", "link"}
    seen = " ".join(page.words)
    lines = mail.text.replace("\n-- \n", "\n").splitlines()
    for line in filter(None, lines):
        assert all(part in seen for part in line.strip().rsplit(": ", 1))
    assert mail.subject in page.words


def test_given_a_name_that_is_a_script_when_rendered_then_it_is_words_and_nothing_runs() -> None:
    evil = replace(a_contact(), first_name='<script>alert("1")</script><img src=x onerror=y>')

    html = html_of(mail_about(a_booking(contact=evil), MessageKind.BOOKING_RECEIVED))

    page = Page(html)
    assert "<script" not in html
    assert "<img" not in html
    assert f"Dear {evil.first_name}," in page.words


def test_given_a_link_with_quotes_when_rendered_then_it_cannot_leave_its_attribute() -> None:
    said = 'Look:\nhttps://evil.example/"onmouseover="alert(1)'
    message = replace(a_message(), text=said)

    html = html_of(message)

    assert Page(html).links[0][1] == 'https://evil.example/"onmouseover="alert(1)'
    assert 'onmouseover="' not in html


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_given_a_name_with_a_line_of_its_own_when_rendered_then_that_makes_no_button(
    separator: str,
) -> None:
    name = f"Ada{separator}https://stranger.example/login{separator}"
    booking = a_booking(contact=replace(a_contact(), first_name=name))

    page = Page(html_of(mail_about(booking, MessageKind.BOOKING_CONFIRMED)))

    assert page.links
    assert not [href for _, href in page.links if "stranger.example" in href]


def test_given_words_that_only_begin_like_a_link_when_rendered_then_they_are_no_button() -> None:
    message = replace(a_message(), text="javascript:alert(1)\n\nsee https://a.example now")

    page = Page(html_of(message))

    assert page.links == []


def test_given_prices_when_rendered_then_each_line_is_a_row_and_the_total_stands_last() -> None:
    booking = a_booking(offer=a_rich_quote())

    page = Page(html_of(mail_about(booking, MessageKind.RECEIPT)))

    said = page.words
    for line in booking.quote.lines:
        assert line.label in said
    total = f"${booking.total_cents // 100}.{booking.total_cents % 100:02d}"
    assert said[said.index("Total") + 1] == total


@pytest.mark.parametrize(
    ("kind", "label", "path"),
    [
        (MessageKind.PAYMENT_LINK, "Pay now", "/api/public/pay?manage_token="),
        (MessageKind.BOOKING_RECEIVED, "Pay, or see your booking", "/manage?manage_token="),
        (MessageKind.BOOKING_CONFIRMED, "See your booking", "/manage?manage_token="),
        (MessageKind.VERIFY_EMAIL, "Confirm your address", "/verify-email?token="),
        (MessageKind.PASSWORD_RESET, "Choose a new password", "/reset-password?token="),
        (MessageKind.DRIVER_ON_THE_WAY, "Follow the driver", "https://onf.lt/"),
    ],
)
def test_given_a_link_when_rendered_then_a_button_says_what_it_is_for(
    kind: MessageKind, label: str, path: str
) -> None:
    mail = example_messages(kind, TERMS)[0]

    links = dict(Page(html_of(mail)).links)

    assert path in links[label]
    assert links[label] in mail.text.splitlines()
    assert "{" not in links[label]


def test_given_a_company_when_rendered_then_its_name_and_address_stand_below() -> None:
    [mail] = [
        each
        for each in example_messages(MessageKind.REMINDER, TERMS)
        if each.channel is Channel.EMAIL
    ]

    page = Page(html_of(mail))

    assert page.words[-2:] == ["Tote & Taxi", "1 Main St, New York, NY"]
    assert "-- " not in page.words

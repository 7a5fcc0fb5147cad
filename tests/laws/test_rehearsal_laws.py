from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.price_book.small_document import Document
from tests.laws import pricing_strategies as draw_
from totetaxi_core import InvalidInputError, PriceBook, Quote, QuoteRequest, quote
from totetaxi_core.rehearsal.reprice_past import PastBooking, reprice_past
from totetaxi_core.rehearsal.simulate_book import rehearsal_of, simulate_book

AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
LATER = datetime(2031, 1, 1, tzinfo=UTC)


def priced_by(request: QuoteRequest, book: PriceBook) -> Quote | None:
    try:
        return quote(request, book, at=AT)
    except InvalidInputError:
        return None


@given(documents=st.tuples(draw_.documents(), draw_.documents()), data=st.data())
def test_given_the_version_each_booking_used_when_repriced_then_every_stored_total_comes_out(
    documents: tuple[Document, Document], data: st.DataObject
) -> None:
    for document in documents:
        for each in document["discount_codes"]:
            each["valid_until"] = "2026-12-01T00:00:00Z"
    books = {n: PriceBook.from_document(one, version=n) for n, one in enumerate(documents, 1)}
    book = books[data.draw(st.sampled_from([1, 2]))]
    codes = [code.code for code in book.discount_codes]
    code = data.draw(st.sampled_from([None, *codes]))
    stored = priced_by(data.draw(draw_.requests(book, code=code)), book)
    assume(stored is not None and stored.price_book_version == book.version)
    assert stored is not None
    # When it was made no longer matters: a quote token keeps a code's validity.
    past = PastBooking(booking_number="TT-00000001", quote=stored, created_at=LATER)

    again = reprice_past(past, book, book_of=books.__getitem__)
    draft = replace(book, version=0)
    unedited = reprice_past(past, draft, book_of=books.__getitem__)

    assert again.quote == stored
    assert unedited.quote is not None
    assert unedited.quote.lines == stored.lines


@given(document=draw_.documents(), data=st.data())
def test_given_any_draft_when_rehearsed_in_parts_then_the_sums_are_those_of_the_whole(
    document: Document, data: st.DataObject
) -> None:
    book = PriceBook.from_document(document)
    draft = PriceBook.from_document(data.draw(draw_.documents()), version=0)
    requests = data.draw(st.lists(draw_.requests(book), max_size=6))
    stored = [priced for request in requests if (priced := priced_by(request, book))]
    bookings = [
        PastBooking(booking_number=f"TT-{n:08d}", quote=one, created_at=AT)
        for n, one in enumerate(stored)
    ]

    parts = [simulate_book([one], draft, book_of=lambda _: book) for one in bookings]
    whole = rehearsal_of([simulate_book(bookings, draft, book_of=lambda _: book)], draft)
    summed = rehearsal_of(parts, draft)

    total = summed.tally.total
    assert summed.tally.total == whole.tally.total
    assert summed.most_changed == whole.most_changed
    assert (summed.tally.lines, summed.unchanged) == (whole.tally.lines, whole.unchanged)
    for groups in (summed.tally.services, summed.tally.weeks, summed.tally.lines):
        assert sum(one.before_cents for one in groups.values()) == total.before_cents
        assert sum(one.after_cents for one in groups.values()) == total.after_cents

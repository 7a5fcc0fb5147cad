import unicodedata
from email.message import Message
from email.utils import decode_rfc2231
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from totetaxi_core.documents.file_name import MOST_BYTES, attachment, safe_file_name
from totetaxi_core.documents.file_type import JPEG, PDF


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("piano.jpg", "piano.jpg"),
        ("Piano, links.JPEG", "Piano, links.jpeg"),
        ("Küche 3. Stock.jpg", "Küche 3. Stock.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\ada\\piano.jpg", "piano.jpg"),
        ("..\\..\\piano.jpg", "piano.jpg"),
        ("/", "file.jpg"),
        ("", "file.jpg"),
        (".jpg", "file.jpg"),
        ("...", "file.jpg"),
        (".htaccess", "htaccess.jpg"),
        ("piano.jpg.exe", "piano.jpg.exe.jpg"),
        ("page.html", "page.html.jpg"),
        ("piano.pdf", "piano.pdf.jpg"),
        ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie_ x=1.jpg"),
        ("pi\x00ano\x1b[2J.jpg", "piano[2J.jpg"),
        ("\u202egpj.exe", "gpj.exe.jpg"),
        ("pi\u200bano\ufeff.jpg", "piano.jpg"),
        ("\uff0e\uff0e\uff0fpiano.jpg", "piano.jpg"),
        ('a"b<c>d|e?f*g;h%i.jpg', "a_b_c_d_e_f_g_h_i.jpg"),
        ("  two   words . jpg ", "two words . jpg.jpg"),
        ("CON.jpg", "_CON.jpg"),
        ("lpt1.old.jpg", "_lpt1.old.jpg"),
        ("\ud800.jpg", "file.jpg"),
    ],
)
def test_given_a_name_from_outside_when_kept_then_it_is_harmless(sent: str, kept: str) -> None:
    assert safe_file_name(sent, JPEG) == kept


@given(sent=st.text(max_size=400))
def test_given_any_name_when_kept_then_it_is_one_short_visible_word_of_its_type(
    sent: str,
) -> None:
    kept = safe_file_name(sent, PDF)

    assert kept.endswith(".pdf")
    assert len(kept.encode()) <= MOST_BYTES
    assert not set(kept) & set('/\\<>:"|?*;%')
    assert not {unicodedata.category(each)[0] for each in kept} & {"C"}
    assert kept[0] not in ". "
    assert safe_file_name(kept, PDF) == kept


@given(name=st.text(max_size=200).map(lambda text: safe_file_name(text, JPEG)))
def test_given_a_kept_name_when_sent_then_a_reader_of_headers_finds_the_same(name: str) -> None:
    header = attachment(name)

    read = Message()
    read["Content-Disposition"] = header
    full = header.partition("filename*=")[2]
    charset, _, value = decode_rfc2231(full)
    assert header.isascii()
    assert header.isprintable()
    assert read.get_content_disposition() == "attachment"
    assert (charset, unquote(value or "")) == ("UTF-8", name)

import puremagic
import pytest

from tests.core.documents.sample_files import a_heic, a_jpeg, a_pdf, a_png, a_webp, a_zip
from totetaxi_core.documents.file_type import UnsupportedFileTypeError, file_type_of

PAGE = b"<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (a_jpeg(), "image/jpeg"),
        (a_jpeg(comment=b"a view", tail=b"what a phone films beside the picture"), "image/jpeg"),
        (a_jpeg(comment=b"\x8a<sVg\xf1\x07<hTmL\x80 <?pHp\0 <svg \x93\0"), "image/jpeg"),
        (a_jpeg(comment=b'<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST"'), "image/jpeg"),
        (a_png(), "image/png"),
        (a_webp(), "image/webp"),
        (a_heic(), "image/heic"),
        (a_pdf(), "application/pdf"),
        (a_pdf(body=b"(a page about <html>)"), "application/pdf"),
    ],
)
def test_given_a_file_of_a_type_we_take_when_read_then_two_readers_agree(
    content: bytes, content_type: str
) -> None:
    found = file_type_of(content, said="text/html")

    assert found.content_type == content_type
    assert puremagic.from_string(content) in found.suffixes


def test_given_a_heic_that_names_its_family_first_when_read_then_it_is_one() -> None:
    assert file_type_of(a_heic(brand=b"mif1", others=b"miafheic")).content_type == "image/heic"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"GIF89a\1\0\1\0\0\0\0;",
        b"BM" + bytes(60),
        b'<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        b"<?xml version='1.0'?><svg/>",
        PAGE,
        b"MZ" + bytes(100),
        b"#!/bin/sh\n",
        a_zip(),
        b"\xff\xd8\xff",
        a_png()[:-1],
        a_webp()[:-1],
        a_heic()[:-1],
        a_heic(brand=b"avif", others=b"mif1miaf"),
        a_heic(brand=b"mif1", others=b"avif"),
        a_heic(brand=b"isom", others=b"mp42"),
        a_pdf()[:-8],
        b"\n" + a_pdf(),
        b"RIFF\x24\0\0\0WAVEfmt " + bytes(24),
        (8).to_bytes(4, "big") + b"ftyp",
        bytes(4) + b"ftyp" + b"heic",
    ],
)
def test_given_a_file_of_no_type_we_take_when_read_then_it_is_refused(content: bytes) -> None:
    with pytest.raises(UnsupportedFileTypeError) as refused:
        file_type_of(content, said="image/jpeg" * 50)

    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    "content",
    [
        a_jpeg(comment=PAGE),
        a_jpeg(tail=PAGE.upper()),
        a_jpeg(comment=b"<SVG onload=alert(1)>"),
        a_jpeg(comment=b"<svg/onload=alert(1)>"),
        a_jpeg(comment=b"<!DOCTYPE\nhtml>"),
        a_jpeg(comment=b"<iframe src=//stranger.example>"),
        a_jpeg(comment=b"<?php system('id');"),
        a_jpeg(comment=b"%PDF-1.4"),
        a_jpeg(tail=a_zip()),
        a_jpeg(tail=a_zip()[:-2] + b"\5\0later"),
        a_png(text=PAGE),
        a_png(tail=a_pdf()),
        a_png(tail=a_zip()),
        a_png(tail=b"x"),
        a_webp(tail=PAGE),
        a_heic(tail=PAGE),
        a_pdf(tail=a_zip()),
    ],
)
def test_given_a_picture_that_is_something_else_too_when_read_then_it_is_refused(
    content: bytes,
) -> None:
    with pytest.raises(UnsupportedFileTypeError):
        file_type_of(content)

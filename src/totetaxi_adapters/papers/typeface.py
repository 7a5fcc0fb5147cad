"""The typeface of our papers: DejaVu Sans, shipped with us, for names in most scripts."""

import re
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

REGULAR: Final = "DejaVuSans"
BOLD: Final = "DejaVuSans-Bold"
INK: Final = HexColor("#1d2733")
FAINT: Final = HexColor("#5b6876")
RULE: Final = HexColor("#c9d1da")
FONTS: Final = Path(__file__).parent / "fonts"
BLANK_LINES: Final = re.compile(r"\n\s*\n")

BODY: Final = ParagraphStyle(
    "body", fontName=REGULAR, fontSize=9, leading=12.5, textColor=INK, splitLongWords=1
)
SMALL: Final = ParagraphStyle("small", BODY, fontSize=7.5, leading=10, textColor=FAINT)
STRONG: Final = ParagraphStyle("strong", BODY, fontName=BOLD)
HEADING: Final = ParagraphStyle("heading", STRONG, fontSize=10.5, spaceBefore=12, spaceAfter=4)
AMOUNT: Final = ParagraphStyle("amount", BODY, alignment=TA_RIGHT)
STRONG_AMOUNT: Final = ParagraphStyle("strong_amount", STRONG, alignment=TA_RIGHT)


@cache
def load_typeface() -> None:
    """Make both weights known, once a process."""
    for name in (REGULAR, BOLD):
        registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def words(text: str, style: ParagraphStyle = BODY) -> Paragraph:
    """Return the text as it stands: no markup of whoever wrote it, its line breaks kept.

    Many blank lines at once are one: a thousand of them are a note of a customer's too.
    """
    load_typeface()
    plain = BLANK_LINES.sub("\n\n", text)
    return Paragraph(escape(plain).replace("\n", "<br/>"), style)

"""A sheet of paper: our letterhead on top, page numbers at the foot."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final, Self, TypeAlias

from reportlab.lib.pagesizes import LETTER
from reportlab.lib.units import inch
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Table, TableStyle

from totetaxi_adapters.papers.typeface import BOLD, FAINT, INK, REGULAR, RULE, load_typeface
from totetaxi_core.ports import Terms

MARGIN: Final = 0.8 * inch
HEAD: Final = 1.35 * inch
WIDTH: Final = LETTER[0] - 2 * MARGIN
GRID: Final = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
    ]
)


Cell: TypeAlias = Flowable | Sequence[Flowable]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who we are, as every paper says."""

    name: str
    address: str
    phone: str

    @classmethod
    def of(cls, terms: Terms) -> Self:
        return cls(
            name=terms.company_name,
            address=terms.company_address,
            phone=terms.limits.support_phone,
        )

    @property
    def line(self) -> str:
        return " · ".join(part for part in (self.address, self.phone) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a paper is, and of what: `Invoice`, `TT-4K7M2Q9X`, and when it was printed."""

    title: str
    subject: str
    printed: str


def grid(rows: Sequence[Sequence[Cell]], *shares: float, repeated: int = 0) -> Table:
    """Return a table whose columns share the width; its first rows come again on each page."""
    widths = [WIDTH * share / sum(shares) for share in shares]
    return Table(
        [list(row) for row in rows],
        colWidths=widths,
        style=GRID,
        repeatRows=repeated,
        splitInRow=1,  # a note may be longer than a page
    )


def print_sheet(story: Sequence[Flowable], heading: Heading, letterhead: Letterhead) -> bytes:
    """Return the PDF: the same content gives the same bytes."""
    load_typeface()
    buffer = BytesIO()

    class NumberedCanvas(_SheetCanvas):
        of = (heading, letterhead)

    height = LETTER[1] - HEAD - MARGIN
    frame = Frame(MARGIN, MARGIN, WIDTH, height, 0, 0, 0, 0)  # no padding: text meets the rules
    BaseDocTemplate(
        buffer,
        pagesize=LETTER,
        pageTemplates=[PageTemplate(frames=[frame])],
        title=f"{heading.title} {heading.subject}",
        author=letterhead.name,
        invariant=1,
    ).build(list(story), canvasmaker=NumberedCanvas)
    return buffer.getvalue()


class _SheetCanvas(Canvas):
    """Draws head and foot once it knows how many pages there are."""

    of: tuple[Heading, Letterhead]

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401  as the parent takes
        super().__init__(*args, **options)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  the parent's name
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]  # the stubs lack it

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self._draw_head()
            self._draw_foot(number)
            super().showPage()
        super().save()

    def _draw_head(self) -> None:
        heading, letterhead = self.of
        top, right = LETTER[1] - MARGIN, LETTER[0] - MARGIN
        self._write(MARGIN, top, letterhead.name, size=15, bold=True)
        self._write(MARGIN, top - 13, letterhead.line, faint=True)
        self._write(right, top, heading.title, size=15, right=True)
        self._write(right, top - 13, heading.subject, size=9, right=True)
        self.setStrokeColor(RULE)
        self.line(MARGIN, top - 22, right, top - 22)

    def _draw_foot(self, number: int) -> None:
        foot = 0.5 * inch
        printed, pages = self.of[0].printed, f"Page {number} of {len(self._pages)}"
        self._write(MARGIN, foot, printed, faint=True)
        self._write(LETTER[0] - MARGIN, foot, pages, faint=True, right=True)

    def _write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 7.5,
        bold: bool = False,
        faint: bool = False,
        right: bool = False,
    ) -> None:
        self.setFont(BOLD if bold else REGULAR, size)
        self.setFillColor(FAINT if faint else INK)
        (self.drawRightString if right else self.drawString)(x, y, text)

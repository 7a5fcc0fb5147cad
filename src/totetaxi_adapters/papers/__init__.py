"""Papers as PDF: invoice, receipt, bill of lading and day sheet."""

from totetaxi_adapters.papers.bill_of_lading import print_bill_of_lading
from totetaxi_adapters.papers.day_sheet import print_day_sheets
from totetaxi_adapters.papers.invoice import print_invoice, print_receipt
from totetaxi_adapters.papers.sheet import Letterhead

__all__ = [
    "Letterhead",
    "print_bill_of_lading",
    "print_day_sheets",
    "print_invoice",
    "print_receipt",
]

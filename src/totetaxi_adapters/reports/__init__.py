"""Reports as files: CSV for spreadsheets, and one HTML page with charts."""

from totetaxi_adapters.reports.csv_file import csv_file
from totetaxi_adapters.reports.html_page import html_page

__all__ = ["csv_file", "html_page"]

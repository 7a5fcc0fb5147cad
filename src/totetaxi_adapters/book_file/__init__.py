"""Price books as files that people edit: YAML with comments, or JSON."""

from totetaxi_adapters.book_file.read_book import read_book_file
from totetaxi_adapters.book_file.write_book import write_book_file

__all__ = ["read_book_file", "write_book_file"]

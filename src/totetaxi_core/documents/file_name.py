"""What a file may be called: on any disk, in any header, and never something it is not."""

import unicodedata
from typing import Final
from urllib.parse import quote

from totetaxi_core.documents.file_type import FileType

MOST_BYTES: Final = 120
SEPARATORS: Final = str.maketrans({"\\": "/", "\N{FRACTION SLASH}": "/", "\N{DIVISION SLASH}": "/"})
FORBIDDEN: Final = frozenset('<>:"|?*;%')
DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{name}{digit}" for name in ("com", "lpt") for digit in "123456789"}
)
FALLBACK: Final = "file"


def safe_file_name(name: str, file_type: FileType) -> str:
    """Return the name without folders, control and direction marks, and dots at its ends.

    Of at most 120 bytes in UTF-8, and with a suffix of what the content is: one that says
    otherwise stays before it.
    """
    # NFKC first: it is what makes a plain slash or dot out of one in disguise.
    last = unicodedata.normalize("NFKC", name).translate(SEPARATORS).rpartition("/")[2]
    plain = "".join(_shown(character) for character in last)
    words = " ".join(plain.split()).rstrip(". ")
    ending = next((each for each in file_type.suffixes if words.lower().endswith(each)), "")
    suffix = ending or file_type.suffixes[0]
    stem = words[: len(words) - len(ending)].strip(". ") or FALLBACK
    if stem.partition(".")[0].strip().lower() in DEVICES:
        stem = f"_{stem}"
    return _cut(stem, MOST_BYTES - len(suffix)) + suffix


def attachment(file_name: str) -> str:
    """Return the Content-Disposition that saves a file under this name, as RFC 6266 has it."""
    plain = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode()
    fallback = "".join("_" if each in '"\\%' else each for each in plain).strip()
    full = quote(file_name, safe="")
    return f"attachment; filename=\"{fallback or FALLBACK}\"; filename*=UTF-8''{full}"


def _shown(character: str) -> str:
    """Return the character, `_` for one that disks forbid, nothing for one that is not seen."""
    if character in FORBIDDEN:
        return "_"
    category = unicodedata.category(character)
    if category.startswith("Z"):
        return " "
    return "" if category.startswith("C") else character


def _cut(text: str, most_bytes: int) -> str:
    return text.encode()[:most_bytes].decode(errors="ignore").rstrip(". ")

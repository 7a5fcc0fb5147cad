"""How a known failure reads on standard error.

A refusal is `code: message`; bad input a line for each bad field, `code field: message`.
"""

from totetaxi_adapters.settings import SettingsError
from totetaxi_core.refusal import DomainError, InvalidInputError


def refusal_lines(error: Exception) -> list[str]:
    """Return the lines, none if this failure is not one we know."""
    if isinstance(error, SettingsError):
        return [f"{name}: {problem}" for name, problem in error.problems.items()]
    if isinstance(error, InvalidInputError):
        return [f"{fault.code} {fault.field}: {fault.message}" for fault in error.faults]
    if isinstance(error, DomainError):
        return [f"{error.code}: {_on_one_line(error)}"]
    if isinstance(error, OSError):
        return [f"system_error: {_system_words(error)}"]
    return []


def is_wrong_input(error: Exception) -> bool:
    """Tell what HTTP would answer 400 from what was refused or failed."""
    return isinstance(error, InvalidInputError)


def _system_words(error: OSError) -> str:
    """Return `book.yaml: File exists`; the error's own words where it names no file."""
    if isinstance(error.filename, str) and error.strerror and error.filename2 is None:
        return f"{error.filename}: {error.strerror}"
    return _on_one_line(error)


def _on_one_line(error: Exception) -> str:
    said = str(error) or (type(error).__doc__ or type(error).__name__)
    return " ".join(said.split())

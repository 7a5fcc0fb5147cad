"""What somebody else says, in one line."""


def one_line(text: str) -> str:
    """Return the text in one line that any database takes."""
    whole = text.encode("utf-8", "replace").decode()
    return " ".join("".join(sign if sign.isprintable() else " " for sign in whole).split())

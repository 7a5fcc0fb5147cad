"""What the pages of every provider's sandbox share."""

from html import escape


def layout(title: str, body: str) -> str:
    """Return a page; `body` is HTML already."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title></head><body><h1>{escape(title)}</h1>{body}</body></html>"
    )


def button(name: str, value: str, text: str) -> str:
    return f'<button name="{escape(name)}" value="{escape(value)}">{escape(text)}</button>'

"""The table of settings in docs/operations.md, made from the settings themselves."""

from typing import Any

import attrs

from totetaxi_adapters.setting_values import Secret
from totetaxi_adapters.settings import Settings

# Defaults that depend on another setting or on the machine, said in words.
_TOLD = {
    "secret_key": "a development value, refused in production",
    "onfleet_mock_mode": "`true` outside production",
    "payment_success_url": "`/success` below `PUBLIC_BASE_URL`",
    "payment_cancel_url": "`/cancel` below `PUBLIC_BASE_URL`",
    "public_base_url": "`http://localhost:` and the port",
    "totetaxi_data_dir": "`totetaxi` in `$XDG_DATA_HOME`, else in `~/.local/share`",
}


def settings_table() -> str:
    """Return a Markdown table of every setting: name, default, meaning."""
    head = ("| Variable | Default | Meaning |", "| --- | --- | --- |")
    return "\n".join((*head, *(_row(field) for field in attrs.fields(Settings)))) + "\n"


def _row(field: "attrs.Attribute[Any]") -> str:
    shown = _TOLD.get(field.name) or _shown(field.default)
    return f"| `{field.name.upper()}` | {shown} | {field.metadata['description']} |"


def _shown(default: object) -> str:
    if default is None or isinstance(default, Secret) or default == ():
        return ""
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, tuple):
        return f"`{','.join(map(str, default))}`"
    return f"`{default}`"


if __name__ == "__main__":
    print(settings_table(), end="")  # noqa: T201  what this module is run for

"""What is wrong with the value of an option or argument."""

FROM_OURS = "Value error, "
FROM_PARSER = "Input should be "
NO_UUID = f"{FROM_PARSER}a valid UUID"
FORMATS = {
    "does not match the formats '%Y-%m-%d'": "is not a date such as 2026-12-01",
    "does not match the formats '%H:%M'": "is not a time such as 09:30",
}


def wrong_value(message: str) -> str:
    """Return the parser's message in the words of the other refusals."""
    if message.startswith(NO_UUID):
        return "must be a UUID"
    if message.startswith(FROM_PARSER):
        told, _, _ = message.partition(",")
        return f"must be {told.removeprefix(FROM_PARSER)}"
    message = message.removeprefix(FROM_OURS)
    for parsers, ours in FORMATS.items():
        message = message.replace(parsers, ours)
    return message

"""Where a letter as it is kept leaves room for its token.

Docs: docs/adr/0010-account-tokens-are-derived.md
"""

from typing import Final

from totetaxi_core.customers.account_token import TokenPurpose
from totetaxi_core.notifications.message import Message, MessageKind
from totetaxi_core.ports import Terms

MANAGE_MARK: Final = "{manage_token}"
ACCOUNT_MARK: Final = "{token}"
PURPOSES: Final = {
    MessageKind.VERIFY_EMAIL: TokenPurpose.VERIFY,
    MessageKind.PASSWORD_RESET: TokenPurpose.RESET,
}
"""What the token of a kind of letter is for; a letter of any other has none."""


def text_with_tokens(message: Message, terms: Terms) -> str:
    """Return the text as its addressee gets it: for them and the sandbox, never for staff.

    The message, not its text, says whose token it is: nobody can write themselves another's. What
    goes to staff gets none, though a customer who is called so stands in it.
    """
    text, purpose = message.text, PURPOSES.get(message.kind)
    if message.kind is MessageKind.STAFF_ALERT:
        return text
    if message.booking_id is not None and MANAGE_MARK in text:
        text = text.replace(MANAGE_MARK, terms.manage_tokens.token(message.booking_id))
    if message.token_id is not None and purpose is not None:
        text = text.replace(ACCOUNT_MARK, terms.account_tokens.token(purpose, message.token_id))
    return text

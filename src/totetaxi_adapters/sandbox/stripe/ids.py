"""Ids and secrets in the shape of Stripe's."""

import secrets
import string
from typing import Final

PREFIXES: Final = {
    "payment_intent": "pi_3",
    "setup_intent": "seti_1",
    "customer": "cus_",
    "charge": "ch_3",
    "refund": "re_3",
    "checkout.session": "cs_test_",
    "dispute": "dp_1",
    "balance_transaction": "txn_3",
    "payment_method": "pm_1",
    "event": "evt_3",
    "request": "req_",
}
ALPHABET: Final = string.ascii_letters + string.digits
LENGTH: Final = 22


def new_id(kind: str) -> str:
    return PREFIXES[kind] + _random_text()


def new_client_secret(intent_id: str) -> str:
    return f"{intent_id}_secret_{_random_text()}"


def _random_text() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))

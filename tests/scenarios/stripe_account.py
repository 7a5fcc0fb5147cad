"""The sandbox of Stripe as a process of its own, seen from outside."""

from typing import Any, Final

import httpx

from tests.scenarios.child_process import ChildProcess

GOOD_CARD: Final = "4242424242424242"
DECLINED_CARD: Final = "4000000000000002"
SLOW_BANK_CARD: Final = "4000000000008880"
DISPUTED_CARD: Final = "4000000000000259"
SETTLED: Final = {"Authorization": "Bearer sk_test_scenarios"}

Json = dict[str, Any]


class StripeAccount:
    """What a payer, Stripe's dashboard and a fault plan can do."""

    def __init__(self, base: str, process: ChildProcess) -> None:
        self.base, self.process = base, process
        self._http = httpx.Client(headers=SETTLED, trust_env=False, timeout=20)

    def close(self) -> None:
        self._http.close()
        self.process.kill()

    def pay(self, intent_id: str, card: str = GOOD_CARD) -> httpx.Response:
        return self._http.post(
            f"{self.base}/pay", json={"payment_intent_id": intent_id, "card": card}
        )

    def pay_session(self, session_id: str, card: str = GOOD_CARD) -> httpx.Response:
        return self._http.post(
            f"{self.base}/pay", json={"checkout_session_id": session_id, "card": card}
        )

    def session(self, session_id: str) -> Json:
        answer = self._http.get(f"{self.base}/v1/checkout/sessions/{session_id}")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def bank_decides(self, intent_id: str, *, approve: bool) -> None:
        outcome = "approve" if approve else "deny"
        body = {"payment_intent_id": intent_id, "outcome": outcome}
        self._http.post(f"{self.base}/authenticate", json=body)

    def break_down(self, *rules: Json) -> None:
        answer = self._http.post(f"{self.base}/faults", json=list(rules))
        assert answer.status_code == 201, answer.text

    def repair(self) -> None:
        assert self._http.delete(f"{self.base}/faults").is_success

    def intents(self, booking_id: str) -> list[Json]:
        """Return the booking's intents, newest first."""
        everything = self._all("payment_intents")
        return [each for each in everything if each["metadata"].get("booking_id") == booking_id]

    def charges(self, booking_id: str) -> list[Json]:
        """Return the booking's intents that took money."""
        return [each for each in self.intents(booking_id) if each["status"] == "succeeded"]

    def refunds(self, intent_id: str) -> list[Json]:
        answer = self._http.get(
            f"{self.base}/v1/refunds", params={"payment_intent": intent_id, "limit": 100}
        )
        found: list[Json] = answer.json()["data"]
        return found

    def disputes(self, intent_id: str) -> list[Json]:
        answer = self._http.get(f"{self.base}/v1/disputes", params={"payment_intent": intent_id})
        found: list[Json] = answer.json()["data"]
        return found

    def close_dispute(self, dispute_id: str, *, won: bool) -> None:
        body = {"dispute_id": dispute_id, "outcome": "won" if won else "lost"}
        answer = self._http.post(f"{self.base}/disputes/close", json=body)
        assert answer.is_success, answer.text

    def refund_by_hand(self, intent_id: str, amount_cents: int) -> str:
        """Send money back as from Stripe's dashboard; return the refund's id."""
        form = {"payment_intent": intent_id, "amount": str(amount_cents)}
        answer = self._http.post(f"{self.base}/v1/refunds", data=form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def create_intent(self, *, amount_cents: int, metadata: dict[str, str]) -> str:
        """Make an intent behind the service's back."""
        form = {"amount": str(amount_cents), "currency": "usd"}
        form |= {f"metadata[{name}]": value for name, value in metadata.items()}
        answer = self._http.post(f"{self.base}/v1/payment_intents", data=form)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    def _all(self, kind: str) -> list[Json]:
        found: list[Json] = []
        query = {"limit": "100"}
        while True:
            page = self._http.get(f"{self.base}/v1/{kind}", params=query).json()
            found += page["data"]
            if not page["has_more"]:
                return found
            query["starting_after"] = page["data"][-1]["id"]

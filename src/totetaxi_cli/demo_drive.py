"""The demo's second half: the booking is driven, delivered, told of and receipted."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from totetaxi_cli.demo_steps import DemoSteps, DemoStoppedError, Json
from totetaxi_cli.demo_walk import LOOK_EVERY_S, Booked

DRIVEN_WITHIN_S: Final = 60.0
ONFLEET: Final = "/sandbox/onfleet"
KEY: Final = ("sandbox", "")
LEGS: Final = {"pickup": "The driver picks up.", "dropoff": "The driver delivers."}
PROOF: Final = "proof_of_delivery"
PIECES_OF_PROOF: Final = 4  # a photo and a signature at each door
DELIVERED: Final = "delivered"
ON_THE_WAY: Final = "driver_on_the_way"
MESSAGES: Final = "/sandbox/messages"


class DemoDrive:
    """Does as a driver does at Onfleet's sandbox, and shows what that makes of the booking."""

    def __init__(self, steps: DemoSteps, booked: Booked, *, folder: Path) -> None:
        self._steps, self._booked, self._folder = steps, booked, folder
        self._guest = {"X-Manage-Token": booked.manage_token}

    async def drive(self) -> None:
        """Drive to the end.

        Raises:
            DemoStoppedError: an answer was a refusal, or nothing came in time.
        """
        tasks = await self._tasks()
        for mails, (leg, title) in enumerate(LEGS.items(), start=1):
            await self._leg(title, tasks[leg], mails=mails)
        await self._delivered()
        await self._proof()
        await self._messages()
        await self._receipt()

    async def _tasks(self) -> dict[str, Json]:
        self._steps.begin("The courier has two tasks, the drop-off after the pickup.")
        path = f"{ONFLEET}/api/v2/tasks/metadata"
        number = self._booked.number
        wanted = [{"name": "booking_number", "type": "string", "value": number}]
        self._steps.say(f"POST {path}")

        async def both() -> list[Json]:
            answer = await self._steps.http.post(path, json=wanted, auth=KEY)
            found: list[Json] = answer.raise_for_status().json()
            return found if len(found) == len(LEGS) else []

        tasks = {_leg_of(task): task for task in await self._wait_for(both, "the courier's tasks")}
        for leg, task in tasks.items():
            self._steps.tell(f"{leg}: {task['shortId']}, tracked at {task['trackingURL']}")
        return tasks

    async def _leg(self, title: str, task: Json, *, mails: int) -> None:
        """Start, wait for the mail of it, and complete; `mails` is how many starts were told."""
        self._steps.begin(title)
        await self._move(task, "active")
        told = await self._wait_for_mails(ON_THE_WAY, at_least=mails)
        self._steps.tell(f"{ON_THE_WAY}: {told[0]['subject']}")
        await self._move(task, "completed")

    async def _move(self, task: Json, state: str) -> None:
        body = {"task_id": task["id"], "to": state}
        await self._steps.call("POST", f"{ONFLEET}/move", json=body)
        self._steps.tell(f"Onfleet's sandbox: {task['shortId']} is {state}")

    async def _delivered(self) -> None:
        self._steps.begin("Onfleet's signed webhooks come back: the booking follows.")
        path = f"/api/public/booking-status/{self._booked.number}"
        self._steps.say(f"GET {path}")

        async def completed() -> Json | None:
            answer = await self._steps.http.get(path)
            status: Json = answer.raise_for_status().json()
            return status if status["status"] == "completed" else None

        status = await self._wait_for(completed, "the booking's completion")
        self._steps.tell(
            f"{self._booked.number} is completed, the courier's part is {status['courier_status']}"
        )

    async def _proof(self) -> None:
        self._steps.begin("The proof of delivery is with the booking.")
        path = "/api/public/manage/documents"
        self._steps.say(f"GET {path}")

        async def kept() -> list[Json]:
            answer = await self._steps.http.get(path, headers=self._guest)
            files: list[Json] = answer.raise_for_status().json()["results"]
            proof = [one for one in files if one["kind"] == PROOF]
            return proof if len(proof) == PIECES_OF_PROOF else []

        for one in await self._wait_for(kept, "the proof of delivery"):
            self._steps.tell(
                f"{one['file_name']}, {one['content_type']}, {one['size_bytes']} bytes"
            )

    async def _messages(self) -> None:
        self._steps.begin("Everyone concerned has heard of it.")
        self._steps.say(f"GET {MESSAGES}?to={self._booked.email}")
        await self._wait_for_mails(DELIVERED, at_least=1)
        for mail in reversed(await self._mails()):
            self._steps.tell(f"{mail['kind']}: {mail['subject']}")

    async def _wait_for_mails(self, kind: str, *, at_least: int) -> list[Json]:
        async def told() -> list[Json]:
            found = [mail for mail in await self._mails() if mail["kind"] == kind]
            return found if len(found) >= at_least else []

        mails: list[Json] = await self._wait_for(told, f"the mail {kind}")
        return mails

    async def _mails(self) -> list[Json]:
        """Return the mails to the guest, newest first."""
        answer = await self._steps.http.get(MESSAGES, params={"to": self._booked.email})
        mails: list[Json] = answer.raise_for_status().json()
        return mails

    async def _receipt(self) -> None:
        self._steps.begin("The receipt, on paper.")
        answer = await self._steps.ask("GET", "/api/public/manage/receipt", headers=self._guest)
        kept = await asyncio.to_thread(self._keep, answer.content)
        self._steps.tell(f"{len(answer.content):,} bytes of PDF, kept as {kept}")

    def _keep(self, content: bytes) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        kept = self._folder / f"receipt-{self._booked.number}.pdf"
        kept.write_bytes(content)
        return kept

    async def _wait_for(self, look: Callable[[], Awaitable[Any]], what: str) -> Any:  # noqa: ANN401
        """Look until there is something: the worker follows by itself."""
        deadline = time.monotonic() + DRIVEN_WITHIN_S
        while not (found := await look()):
            if time.monotonic() > deadline:
                message = f"{what} did not come within {DRIVEN_WITHIN_S:.0f} s"
                raise DemoStoppedError("demo_timed_out", message)
            await asyncio.sleep(LOOK_EVERY_S)
        return found


def _leg_of(task: Json) -> str:
    return next(str(one["value"]) for one in task["metadata"] if one["name"] == "leg")

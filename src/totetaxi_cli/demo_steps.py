"""How the demo calls the service, and tells each step."""

from collections.abc import Mapping
from typing import Any

import httpx
import typer

from totetaxi_core.refusal import DomainError

Json = Mapping[str, Any]


class DemoStoppedError(DomainError):
    """A step was answered otherwise than hoped; `code` is the answer's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DemoSteps:
    """A client of the service that says what it asks and what came back."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self._number = 0

    def begin(self, title: str) -> None:
        self._number += 1
        typer.echo(f"\n{typer.style(f'{self._number}. {title}', bold=True)}")

    def say(self, text: str) -> None:
        typer.echo(f"   {text}")

    def tell(self, text: str) -> None:
        typer.echo(f"      {text}")

    async def call(self, method: str, path: str, **options: Any) -> Any:  # noqa: ANN401  any JSON
        """Call, tell of it, and return the answer's JSON.

        Raises:
            DemoStoppedError: it was a refusal.
        """
        return (await self.ask(method, path, **options)).json()

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:  # noqa: ANN401  httpx's
        """Call, tell of it, and return the answer.

        Raises:
            DemoStoppedError: it was a refusal.
        """
        self.say(f"{method} {path}")
        answer = await self.http.request(method, path, **options)
        self.say(f"{answer.status_code} {answer.reason_phrase}")
        if not answer.is_success:
            raise _stopped(answer.json())
        return answer


def _stopped(content: Json) -> DemoStoppedError:
    """Read a problem of ours, or an error of a sandbox."""
    if isinstance(content.get("error"), dict):
        error = content["error"]
        return DemoStoppedError(error.get("code", error["type"]), error["message"])
    if isinstance(content.get("message"), dict):
        error = content["message"]
        return DemoStoppedError(str(content["code"]), str(error.get("cause", error["message"])))
    return DemoStoppedError(content["error_type"], content["message"])

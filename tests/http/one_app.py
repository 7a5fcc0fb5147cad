"""The service's application, made once for all tests of a process.

To make one takes longer than most tests of it. Each test puts it on a wiring of its own.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from litestar import Litestar

from totetaxi_adapters.wiring import Wiring
from totetaxi_http.service import create_service, state_of


@dataclass(kw_only=True)
class OneApp:
    """An application, and whose wiring it is on."""

    wiring: Wiring
    app: Litestar = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_service(cast("Wiring", _InTurn(self)))


class _InTurn:
    """Passes for the wiring of the test whose turn it is."""

    def __init__(self, one_app: OneApp) -> None:
        self._one_app = one_app

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever a wiring has
        return getattr(self._one_app.wiring, name)


def app_on(wiring: Wiring) -> Litestar:
    """Return the one application, on this wiring until the next; it limits no rates."""
    [one_app] = _kept(wiring)
    assert not wiring.settings.ratelimit_enable
    assert wiring.settings == one_app.wiring.settings
    one_app.wiring = wiring
    one_app.app.state.update(state_of(wiring))
    return one_app.app


@cache
def _place() -> list[OneApp]:
    return []


def _kept(wiring: Wiring) -> list[OneApp]:
    place = _place()
    if not place:
        place.append(OneApp(wiring=wiring))
    return place

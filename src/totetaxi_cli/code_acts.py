"""Make, limit, pause and resume a discount code."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.code_options import CodeLimits, NewCodeTerms
from totetaxi_cli.code_terms import limit_fields, new_code_fields
from totetaxi_cli.code_views import ShownCode, show_known
from totetaxi_cli.command_wiring import run
from totetaxi_cli.staff_commands import StaffCommand, as_staff
from totetaxi_core.discount_codes.manage_codes import change_code, create_code
from totetaxi_http.schemas.discount_code import DiscountCodeChangesBody, NewDiscountCodeBody
from totetaxi_http.wire.structuring import structure_body


def create_to_terminal(
    code: str, terms: NewCodeTerms, *, reason: str, staff: str, as_json: bool
) -> None:
    """Make a code and show it.

    Raises:
        InvalidInputError: bad fields.
        PermissionDeniedError: staff may not.
        EntryExistsError: there is a code of this text.
    """

    async def job(wiring: Wiring, staff_name: str) -> ShownCode:
        given = new_code_fields(code, terms, wiring.terms.zone) | {"reason": reason}
        body: NewDiscountCodeBody = _structured(given, NewDiscountCodeBody)
        known = await create_code(
            body.to_entry(), wiring.ports, reason=body.to_reason(), by=staff_name
        )
        return await ShownCode.after(known, wiring)

    show_known(run(as_staff(staff, StaffCommand.CODES_CREATE, job)), as_json=as_json)


def limit_to_terminal(
    code: str, limits: CodeLimits, *, reason: str, staff: str, as_json: bool
) -> None:
    """Change how often and when a code may be used, and show it.

    Raises:
        InvalidInputError: bad fields, or nothing would change.
        PermissionDeniedError: staff may not.
        EntryNotFoundError: there is no such code.
    """

    def changes(wiring: Wiring) -> Mapping[str, object]:
        return limit_fields(limits, wiring.terms.zone)

    _change(code, changes, StaffCommand.CODES_LIMIT, reason=reason, staff=staff, as_json=as_json)


def pause_to_terminal(code: str, *, reason: str, staff: str, as_json: bool) -> None:
    """Pause a code and show it.

    Raises:
        InvalidInputError: it is paused already.
        PermissionDeniedError: staff may not.
        EntryNotFoundError: there is no such code.
    """
    _change(
        code,
        lambda _: {"is_active": False},
        StaffCommand.CODES_PAUSE,
        reason=reason or f"Paused the discount code {code}",
        staff=staff,
        as_json=as_json,
    )


def resume_to_terminal(code: str, *, reason: str, staff: str, as_json: bool) -> None:
    """Let a paused code be used again, and show it.

    Raises:
        InvalidInputError: it is not paused.
        PermissionDeniedError: staff may not.
        EntryNotFoundError: there is no such code.
    """
    _change(
        code,
        lambda _: {"is_active": True},
        StaffCommand.CODES_RESUME,
        reason=reason or f"Resumed the discount code {code}",
        staff=staff,
        as_json=as_json,
    )


def _change(
    code: str,
    changes: Callable[[Wiring], Mapping[str, object]],
    command: StaffCommand,
    *,
    reason: str,
    staff: str,
    as_json: bool,
) -> None:
    async def job(wiring: Wiring, staff_name: str) -> ShownCode:
        given = {**changes(wiring), "reason": reason}
        body: DiscountCodeChangesBody = _structured(given, DiscountCodeChangesBody)
        known = await change_code(
            code,
            body.to_changes(),
            wiring.ports,
            reason=body.to_reason(code),
            by=staff_name,
        )
        return await ShownCode.after(known, wiring)

    show_known(run(as_staff(staff, command, job)), as_json=as_json)


def _structured(given: Mapping[str, object], kind: type[Any]) -> Any:  # noqa: ANN401
    return structure_body(json.dumps(given).encode(), kind)

"""Which command needs which permission, and in whose name it is done."""

import getpass
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

import typer

from totetaxi_adapters.origin import REQUEST_ID, current_origin
from totetaxi_adapters.wiring import Wiring
from totetaxi_cli.command_wiring import Job
from totetaxi_cli.staff_name import checked_staff_name
from totetaxi_core.ports import Ports
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.acting import acting
from totetaxi_core.staff.origin import Channel, Origin
from totetaxi_core.staff.permission import Permission
from totetaxi_core.staff.record_refusal import RefusedAct, record_refusal
from totetaxi_core.staff.require_permission import require_staff
from totetaxi_core.unit_of_work import DatabaseUnavailableError

Answer = TypeVar("Answer")
StaffJob = Callable[[Wiring, str], Awaitable[Answer]]


class StaffCommand(StrEnum):
    """The commands that take `--as`."""

    BOOKINGS_CREATE = "bookings create"
    BOOKINGS_SHOW = "bookings show"
    BOOKINGS_CANCEL = "bookings cancel"
    BOOKINGS_RESCHEDULE = "bookings reschedule"
    BOOKINGS_CONFIRM = "bookings confirm"
    BOOKINGS_START = "bookings start"
    BOOKINGS_COMPLETE = "bookings complete"
    BOOKINGS_NOTE = "bookings note"
    CUSTOMERS_SHOW = "customers show"
    CUSTOMERS_NOTE = "customers note"
    CUSTOMERS_CONTACT = "customers contact"
    CUSTOMERS_DELETE = "customers delete"
    PAYMENTS_LINK = "payments link"
    REFUNDS_REQUEST = "refunds request"
    REFUNDS_APPROVE = "refunds approve"
    REFUNDS_REJECT = "refunds reject"
    DISPATCH_CREATE = "dispatch create"
    DISPATCH_SYNC = "dispatch sync"
    DISPATCH_WEBHOOKS = "dispatch webhooks"
    DISPATCH_PLAN = "dispatch plan"
    DOCUMENTS_ADD = "documents add"
    DOCUMENTS_GET = "documents get"
    DOCUMENTS_REMOVE = "documents remove"
    DOCUMENTS_RECEIPT = "documents receipt"
    DOCUMENTS_INVOICE = "documents invoice"
    DOCUMENTS_BILL_OF_LADING = "documents bill-of-lading"
    DOCUMENTS_DAY_SHEETS = "documents day-sheets"
    JOBS_RETRY = "jobs retry"
    MESSAGES_SHOW = "messages show"
    MESSAGES_SEND_AGAIN = "messages send-again"
    MESSAGES_SETTLE = "messages settle"
    MESSAGES_ADDRESSES_FORGET = "messages addresses forget"
    PRICEBOOK_PUBLISH = "pricebook publish"
    PRICEBOOK_ROLLBACK = "pricebook rollback"
    PRICEBOOK_WITHDRAW = "pricebook withdraw"
    CODES_CREATE = "codes create"
    CODES_LIMIT = "codes limit"
    CODES_PAUSE = "codes pause"
    CODES_RESUME = "codes resume"
    SCHEDULE_CLOSE = "schedule close"
    SCHEDULE_OPEN = "schedule open"
    SCHEDULE_CREWS = "schedule crews"
    SCHEDULE_SET = "schedule set"
    REPORTS_REVENUE = "reports revenue"
    REPORTS_TAXES = "reports taxes"
    REPORTS_REFUNDS = "reports refunds"
    REPORTS_BOOKINGS = "reports bookings"
    REPORTS_CANCELLATIONS = "reports cancellations"
    REPORTS_LEAD_TIME = "reports lead-time"
    REPORTS_MORNINGS = "reports mornings"
    REPORTS_CREWS = "reports crews"
    REPORTS_CUSTOMERS = "reports customers"
    REPORTS_NEW_CUSTOMERS = "reports new-customers"
    STAFF_CREATE = "staff create"
    STAFF_CHANGE = "staff change"
    STAFF_DISABLE = "staff disable"
    STAFF_ENABLE = "staff enable"
    STAFF_SET_PASSWORD = "staff set-password"  # noqa: S105  a command's name
    AUDIT_ERASE = "audit erase"
    RETENTION_RUN = "retention run"
    WEBHOOKS_ADD = "webhooks add"
    WEBHOOKS_CHANGE = "webhooks change"
    WEBHOOKS_PAUSE = "webhooks pause"
    WEBHOOKS_RESUME = "webhooks resume"
    WEBHOOKS_REMOVE = "webhooks remove"
    WEBHOOKS_ROTATE_SECRET = "webhooks rotate-secret"  # noqa: S105  a command's name
    WEBHOOKS_REDELIVER = "webhooks redeliver"
    WEBHOOKS_TEST = "webhooks test"


NEEDED: Final[Mapping[StaffCommand, Permission]] = {
    StaffCommand.BOOKINGS_CREATE: Permission.CREATE_BOOKINGS,
    StaffCommand.BOOKINGS_SHOW: Permission.READ_BOOKINGS,
    StaffCommand.BOOKINGS_CANCEL: Permission.EDIT_BOOKINGS,
    StaffCommand.BOOKINGS_RESCHEDULE: Permission.EDIT_BOOKINGS,
    StaffCommand.BOOKINGS_CONFIRM: Permission.CONFIRM_IN_CASH,
    StaffCommand.BOOKINGS_START: Permission.EDIT_BOOKINGS,
    StaffCommand.BOOKINGS_COMPLETE: Permission.EDIT_BOOKINGS,
    StaffCommand.BOOKINGS_NOTE: Permission.EDIT_BOOKINGS,
    StaffCommand.CUSTOMERS_SHOW: Permission.READ_CUSTOMERS,
    StaffCommand.CUSTOMERS_NOTE: Permission.EDIT_CUSTOMERS,
    StaffCommand.CUSTOMERS_CONTACT: Permission.EDIT_CUSTOMERS,
    StaffCommand.CUSTOMERS_DELETE: Permission.RUN_RETENTION,
    StaffCommand.PAYMENTS_LINK: Permission.SEND_PAYMENT_LINKS,
    StaffCommand.REFUNDS_REQUEST: Permission.REQUEST_REFUNDS,
    StaffCommand.REFUNDS_APPROVE: Permission.APPROVE_REFUNDS,
    StaffCommand.REFUNDS_REJECT: Permission.APPROVE_REFUNDS,
    StaffCommand.DISPATCH_CREATE: Permission.DISPATCH,
    StaffCommand.DISPATCH_SYNC: Permission.DISPATCH,
    StaffCommand.DISPATCH_WEBHOOKS: Permission.DISPATCH,
    StaffCommand.DISPATCH_PLAN: Permission.DISPATCH,
    StaffCommand.DOCUMENTS_ADD: Permission.EDIT_BOOKINGS,
    StaffCommand.DOCUMENTS_GET: Permission.READ_BOOKINGS,
    StaffCommand.DOCUMENTS_REMOVE: Permission.EDIT_BOOKINGS,
    StaffCommand.DOCUMENTS_RECEIPT: Permission.READ_BOOKINGS,
    StaffCommand.DOCUMENTS_INVOICE: Permission.READ_BOOKINGS,
    StaffCommand.DOCUMENTS_BILL_OF_LADING: Permission.READ_BOOKINGS,
    StaffCommand.DOCUMENTS_DAY_SHEETS: Permission.DISPATCH,
    StaffCommand.JOBS_RETRY: Permission.RETRY_JOBS,
    StaffCommand.MESSAGES_SHOW: Permission.READ_MESSAGES,
    StaffCommand.MESSAGES_SEND_AGAIN: Permission.SEND_MESSAGES,
    StaffCommand.MESSAGES_SETTLE: Permission.SEND_MESSAGES,
    StaffCommand.MESSAGES_ADDRESSES_FORGET: Permission.SEND_MESSAGES,
    StaffCommand.PRICEBOOK_PUBLISH: Permission.MANAGE_PRICING,
    StaffCommand.PRICEBOOK_ROLLBACK: Permission.MANAGE_PRICING,
    StaffCommand.PRICEBOOK_WITHDRAW: Permission.MANAGE_PRICING,
    StaffCommand.CODES_CREATE: Permission.MANAGE_PRICING,
    StaffCommand.CODES_LIMIT: Permission.MANAGE_PRICING,
    StaffCommand.CODES_PAUSE: Permission.MANAGE_PRICING,
    StaffCommand.CODES_RESUME: Permission.MANAGE_PRICING,
    StaffCommand.SCHEDULE_CLOSE: Permission.MANAGE_SCHEDULE,
    StaffCommand.SCHEDULE_OPEN: Permission.MANAGE_SCHEDULE,
    StaffCommand.SCHEDULE_CREWS: Permission.MANAGE_SCHEDULE,
    StaffCommand.SCHEDULE_SET: Permission.MANAGE_SCHEDULE,
    StaffCommand.REPORTS_REVENUE: Permission.VIEW_FINANCIAL_REPORTS,
    StaffCommand.REPORTS_TAXES: Permission.VIEW_FINANCIAL_REPORTS,
    StaffCommand.REPORTS_REFUNDS: Permission.VIEW_FINANCIAL_REPORTS,
    StaffCommand.REPORTS_BOOKINGS: Permission.READ_BOOKINGS,
    StaffCommand.REPORTS_CANCELLATIONS: Permission.VIEW_FINANCIAL_REPORTS,
    StaffCommand.REPORTS_LEAD_TIME: Permission.READ_BOOKINGS,
    StaffCommand.REPORTS_MORNINGS: Permission.READ_BOOKINGS,
    StaffCommand.REPORTS_CREWS: Permission.READ_BOOKINGS,
    StaffCommand.REPORTS_CUSTOMERS: Permission.VIEW_CUSTOMER_ANALYTICS,
    StaffCommand.REPORTS_NEW_CUSTOMERS: Permission.VIEW_CUSTOMER_ANALYTICS,
    StaffCommand.STAFF_CREATE: Permission.MANAGE_STAFF,
    StaffCommand.STAFF_CHANGE: Permission.MANAGE_STAFF,
    StaffCommand.STAFF_DISABLE: Permission.MANAGE_STAFF,
    StaffCommand.STAFF_ENABLE: Permission.MANAGE_STAFF,
    StaffCommand.STAFF_SET_PASSWORD: Permission.MANAGE_STAFF,
    StaffCommand.AUDIT_ERASE: Permission.ERASE_STAFF_ACTS,
    StaffCommand.RETENTION_RUN: Permission.RUN_RETENTION,
    StaffCommand.WEBHOOKS_ADD: Permission.MANAGE_WEBHOOKS,
    StaffCommand.WEBHOOKS_CHANGE: Permission.MANAGE_WEBHOOKS,
    StaffCommand.WEBHOOKS_PAUSE: Permission.MANAGE_WEBHOOKS,
    StaffCommand.WEBHOOKS_RESUME: Permission.MANAGE_WEBHOOKS,
    StaffCommand.WEBHOOKS_REMOVE: Permission.MANAGE_WEBHOOKS,
    StaffCommand.WEBHOOKS_ROTATE_SECRET: Permission.MANAGE_WEBHOOKS,
    StaffCommand.WEBHOOKS_REDELIVER: Permission.MANAGE_WEBHOOKS,
    StaffCommand.WEBHOOKS_TEST: Permission.MANAGE_WEBHOOKS,
}


def as_staff(name: str, command: StaffCommand, job: StaffJob[Answer]) -> Job[Answer]:
    """Return the job, done in a name once that may do it; each of its acts says from where.

    What the business then refuses goes on record, with the command as its subject.

    The job is told the username, or the name as given while there is no account.

    Raises:
        InvalidInputError: it is blank, too long, or not a person's.
    """
    given = checked_staff_name(name)

    async def done(wiring: Wiring) -> Answer:
        account = await require_staff(given, NEEDED[command], from_here(wiring).ports)
        staff_id = None if account is None else account.id
        here = from_here(wiring, staff_id=staff_id)
        username = given if account is None else account.username
        try:
            return await job(here, username)
        except DomainError as error:
            tried = RefusedAct(
                staff_name=username, staff_id=staff_id, action_type=NEEDED[command], subject=command
            )
            await _record_refused(error, tried, here.ports)
            raise

    return done


async def _record_refused(error: DomainError, tried: RefusedAct, ports: Ports) -> None:
    """Put it on record; a database that is down does not hide the refusal."""
    try:
        await record_refusal(error, tried, ports)
    except DatabaseUnavailableError as failure:
        typer.echo(f"{failure.code}: the refusal is not on record", err=True)


def from_here(wiring: Wiring, *, staff_id: UUID | None = None) -> Wiring:
    """Return the wiring whose staff acts are recorded as those of this command line."""
    request_id = (current_origin() or {}).get(REQUEST_ID, "")
    agent = f"{machine_account()} {request_id}".rstrip()
    origin = Origin(channel=Channel.CLI, staff_id=staff_id, user_agent=agent)
    return replace(wiring, ports=acting(wiring.ports, origin))


def machine_account() -> str:
    """Return `user@host`: who runs the command here."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):
        user = "unknown"  # no such entry: as in a container with a number for a user
    return f"{user}@{socket.gethostname()}"

"""What PostgreSQL's errors mean to the core: a broken constraint by its name, a lost connection."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import psycopg
from procrastinate.exceptions import ConnectorException
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from totetaxi_core.bookings.repositories import BookingNumberTakenError, CartTakenError
from totetaxi_core.bookings.reschedule import RescheduleExistsError
from totetaxi_core.customers.customer import EmailTakenError
from totetaxi_core.logistics.courier_task import CourierTaskExistsError
from totetaxi_core.payments.refundable import RefundExceedsPaymentError
from totetaxi_core.payments.repositories import LiveAttemptExistsError
from totetaxi_core.price_book.repository import PriceBookConflictError
from totetaxi_core.refusal import DomainError
from totetaxi_core.staff.staff_account import UsernameTakenError
from totetaxi_core.unit_of_work import DatabaseUnavailableError

REFUSAL_OF_CONSTRAINT: Final[Mapping[str, tuple[type[DomainError], str]]] = {
    "uq_bookings_booking_number": (BookingNumberTakenError, "this booking number is in use"),
    "uq_bookings_cart_key_pending": (CartTakenError, "the same cart is pending already"),
    "uq_payment_attempts_booking_id_live": (
        LiveAttemptExistsError,
        "the booking has a live payment attempt",
    ),
    "uq_reschedules_booking_id_pending": (
        RescheduleExistsError,
        "the booking has a pending reschedule",
    ),
    "uq_courier_tasks_booking_id_leg": (
        CourierTaskExistsError,
        "this leg of the booking has a task",
    ),
    "refunds_within_payment": (RefundExceedsPaymentError, "more than is left of the payment"),
    "uq_customers_email": (EmailTakenError, "this e-mail address is in use"),
    "uq_staff_accounts_username": (UsernameTakenError, "this username is in use"),
    "pk_price_books": (PriceBookConflictError, "this version was published meanwhile"),
}
# Shutdown and restart (57), too many connections (53), connection lost (08), statement timeout
# and deadlock are all operational errors; a failover leaves a server that only reads, and one that
# cannot write its files says XX000.
UNAVAILABLE: Final = (
    psycopg.OperationalError,
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.InternalError_,
)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the core has a word for into its refusal; the rest passes as it is.

    Raises:
        DatabaseUnavailableError: no connection, none free in time, or it was lost.
        DomainError: the refusal of the constraint that was broken.
    """
    try:
        yield
    except DBAPIError as error:
        refusal = _refusal_of(error.orig)
        if refusal is None and isinstance(error, OperationalError | InterfaceError):
            refusal = _unavailable(error)
        if refusal is None:
            raise
        raise refusal from error
    except ConnectorException as error:
        refusal = _refusal_of(error.__cause__)
        if refusal is None:
            raise
        raise refusal from error
    except (PoolTimeoutError, psycopg.OperationalError) as error:
        raise _unavailable(error) from error


def _refusal_of(error: BaseException | None) -> DomainError | None:
    if isinstance(error, UNAVAILABLE):
        return _unavailable(error)
    name = error.diag.constraint_name if isinstance(error, psycopg.IntegrityError) else None
    if name is None or name not in REFUSAL_OF_CONSTRAINT:
        return None
    refusal, text = REFUSAL_OF_CONSTRAINT[name]
    return refusal(text)


def _unavailable(error: BaseException) -> DatabaseUnavailableError:
    return DatabaseUnavailableError(f"the database does not answer ({type(error).__name__})")

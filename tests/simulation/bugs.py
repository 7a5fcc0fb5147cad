"""Every bug that is planted on purpose."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pytest

from tests.simulation import planted_account_bugs as of_accounts
from tests.simulation import planted_bugs as of_money
from tests.simulation import planted_drive_bugs as of_drives


@dataclass(frozen=True, slots=True)
class Bug:
    """`plant` puts it into the application until the monkeypatch is undone."""

    name: str
    plant: Callable[[pytest.MonkeyPatch], None]


def a_bug(plant: Callable[[pytest.MonkeyPatch], None]) -> Bug:
    return Bug(plant.__name__, plant)


QUICK: Final = tuple(
    map(
        a_bug,
        (
            of_money.settle_applied_twice,
            of_money.crews_not_freed,
            of_money.ledger_entry_missing,
            of_accounts.old_slot_not_freed,
        ),
    )
)
SOON: Final = (*QUICK, a_bug(of_drives.create_retried_blindly))
ALL: Final = (
    *SOON,
    *map(
        a_bug,
        (
            of_money.a_lock_removed,
            of_money.expiry_before_cancel,
            of_money.refund_check_outside_the_lock,
            of_money.event_order_trusted,
            of_money.outbox_after_commit,
            of_money.code_use_not_given_back,
            of_money.hold_freed_while_processing,
            of_money.key_of_the_moment,
            of_money.terms_by_the_clock_on_the_wall,
            of_money.refunds_not_counted,
            of_accounts.moved_without_the_difference,
            of_accounts.two_default_cards,
            of_accounts.traces_outlive_the_account,
            of_drives.dropoff_not_called_off,
            of_drives.older_news_believed,
            of_drives.old_time_driven,
            of_drives.sent_again_after_death,
        ),
    ),
)

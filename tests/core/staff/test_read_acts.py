"""Acts say from where; they are listed, checked, and their personal values erased."""

import pytest

from tests.core.bookings.memory_house import a_house
from tests.core.staff.staffing import a_staff_account, a_staffed_house
from totetaxi_core.payments.decide_refund import RefundRequest, request_refund
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.staff import read_acts
from totetaxi_core.staff.acting import acting
from totetaxi_core.staff.chain_check import ChainFault, FaultKind
from totetaxi_core.staff.manage_staff import disable_staff, enable_staff
from totetaxi_core.staff.origin import Channel, Origin
from totetaxi_core.staff.permission import Permission, PermissionDeniedError
from totetaxi_core.staff.read_acts import erase_act, list_acts, verify_acts
from totetaxi_core.staff.require_permission import require_permission
from totetaxi_core.staff.role import Role
from totetaxi_core.staff.staff_act import ActFilter, ActNotFoundError

ANY = ActFilter()


async def test_given_an_origin_when_a_use_case_acts_then_its_act_says_from_where() -> None:
    house = await a_house()
    maria = a_staff_account()
    origin = Origin(
        channel=Channel.HTTP, staff_id=maria.id, ip_address="192.0.2.7", user_agent="x" * 400
    )
    booking, intent = await house.book_unpaid()
    house.pay(intent)
    await house.settle(intent)

    await request_refund(
        booking.id, RefundRequest(reason="wet"), acting(house.ports, origin), staff_name="maria"
    )

    act = house.acts()[-1]
    assert (act.staff_id, act.channel, act.ip_address) == (maria.id, Channel.HTTP, "192.0.2.7")
    assert act.user_agent == "x" * 300
    assert (await verify_acts(house.ports, head=None)).faults == ()


async def test_given_no_permission_when_required_then_the_refusal_is_on_record() -> None:
    house = await a_house()
    maria = a_staff_account(role=Role.LOGISTICS)

    await require_permission(maria, Permission.DISPATCH, house.ports)
    with pytest.raises(PermissionDeniedError, match="maria may not edit bookings"):
        await require_permission(maria, Permission.EDIT_BOOKINGS, house.ports)

    assert [(act.staff_id, act.is_refused) for act in house.acts()] == [(maria.id, True)]


async def test_given_acts_when_listed_then_they_come_by_pages_newest_first() -> None:
    house = await a_staffed_house()
    await house.hire("maria", Role.OPERATIONS, by=house.root)
    await disable_staff("maria", house.ports, by=house.root)
    await enable_staff("maria", house.ports, by=house.root)

    first = await list_acts(house.ports, ANY, limit=3)
    last = await list_acts(house.ports, ANY, before=2, limit=3)
    back = await list_acts(house.ports, ANY, after=1, limit=2)

    pages = [[one.link.position for one in page.entries] for page in (first, last, back)]
    assert pages == [[4, 3, 2], [1], [3, 2]]
    assert (first.oldest, last.newest) == (first.entries[-1], last.entries[0])
    assert (first.newest, last.oldest) == (None, None)
    assert (back.newest, back.oldest) == back.entries


async def test_given_a_long_chain_when_checked_then_every_act_is_and_the_head_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read_acts, "BATCH", 2)
    house = await a_staffed_house()
    for name in ("maria", "lou", "kim", "max"):
        await house.hire(name, Role.OPERATIONS, by=house.root)

    report = await verify_acts(house.ports, head=None)
    rows = house.database.staff_acts.rows
    del rows[3]
    broken = await verify_acts(house.ports, head=report.head)

    assert (report.checked, report.faults, report.head.position) == (5, (), 5)
    assert broken.faults == (ChainFault(FaultKind.REMOVED, 3, 3),)


async def test_given_an_act_when_erased_then_its_values_are_gone_and_the_chain_stands() -> None:
    house = await a_staffed_house()
    await house.hire("maria", Role.OPERATIONS, by=house.root)

    await erase_act(2, house.ports, reason="she asked for it", by=house.root)

    erased = house.acts()[1]
    assert (erased.description, erased.after) == ("", None)
    assert erased.action_type == "staff_created"
    assert house.told()[-1] == ("root", "act_erased", False)
    assert (await verify_acts(house.ports, head=None)).faults == ()


async def test_given_no_reason_or_no_act_when_erased_then_it_is_refused() -> None:
    house = await a_staffed_house()

    with pytest.raises(InvalidInputError):
        await erase_act(1, house.ports, reason=" ", by=house.root)
    with pytest.raises(ActNotFoundError):
        await erase_act(9, house.ports, reason="she asked", by=house.root)

    assert len(house.acts()) == 1

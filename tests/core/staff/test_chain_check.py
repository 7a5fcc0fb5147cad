"""The chain of staff acts finds every edit, and says where."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.builders import NOW, a_staff_act
from totetaxi_core.refusal import InvalidInputError
from totetaxi_core.staff.act_chain import chained
from totetaxi_core.staff.act_link import ChainHead
from totetaxi_core.staff.chain_check import ChainCheck, ChainFault, FaultKind
from totetaxi_core.staff.staff_act import RecordedAct, StaffAct, without_values

Chain = list[RecordedAct]


def a_chain(length: int = 6) -> Chain:
    acts = [a_staff_act(created_at=NOW + timedelta(minutes=n)) for n in range(length)]
    return linked(
        [replace(act, before={"role": "finance"}, ip_address="192.0.2.1") for act in acts]
    )


def linked(acts: list[StaffAct]) -> Chain:
    found: Chain = []
    head = ChainHead()
    for act in acts:
        found.append(chained(act, after=head, salt="5a17"))
        head = found[-1].link.head
    return found


def faults(chain: Chain, *, head: ChainHead | None = None) -> tuple[ChainFault, ...]:
    check = ChainCheck(head=head)
    for recorded in chain:
        check.take(recorded)
    return check.faults()


def edit(chain: Chain, index: int, **changes: Any) -> Chain:  # noqa: ANN401  any field
    recorded = chain[index]
    edited = replace(recorded, act=replace(recorded.act, **changes))
    return [*chain[:index], edited, *chain[index + 1 :]]


def renumbered(chain: Chain) -> Chain:
    return [
        replace(recorded, link=replace(recorded.link, position=position))
        for position, recorded in enumerate(chain, start=1)
    ]


def test_given_an_untouched_chain_when_checked_then_nothing_is_found() -> None:
    chain = a_chain()

    assert faults(chain) == ()
    assert faults(chain, head=chain[3].link.head) == ()
    assert faults([]) == faults([], head=ChainHead()) == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"staff_name": "eve"},
        {"action_type": "login"},
        {"description": "nothing to see"},
        {"created_at": NOW - timedelta(days=1)},
        {"is_refused": True},
        {"subject": "staff:1"},
        {"before": {"role": "admin"}},
        {"before": None},
        {"ip_address": "192.0.2.2"},
        {"user_agent": "curl"},
    ],
)
def test_given_a_changed_act_when_checked_then_it_is_named(changes: dict[str, object]) -> None:
    chain = edit(a_chain(), 2, **changes)

    assert faults(chain) == (ChainFault(FaultKind.CHANGED, 3, 3),)


def test_given_an_act_rewritten_with_its_digests_when_checked_then_its_place_is_named() -> None:
    chain = a_chain()
    forged = replace(chain[2].act, description="nothing to see")

    chain[2] = chained(forged, after=chain[1].link.head, salt="0000")

    assert faults(chain) == (ChainFault(FaultKind.BROKEN, 3, 4),)


def test_given_acts_removed_when_checked_then_their_places_are_named() -> None:
    chain = a_chain()

    assert faults(chain[:2] + chain[4:]) == (ChainFault(FaultKind.REMOVED, 3, 4),)
    assert faults(chain[1:]) == (ChainFault(FaultKind.REMOVED, 1, 1),)
    assert faults(renumbered(chain[:2] + chain[3:])) == (ChainFault(FaultKind.BROKEN, 2, 3),)


def test_given_an_act_slipped_in_when_checked_then_its_place_is_named() -> None:
    chain = a_chain()
    forged = chained(a_staff_act(), after=chain[1].link.head, salt="0000")

    found = faults(renumbered([*chain[:2], forged, *chain[2:]]))

    assert found == (ChainFault(FaultKind.INSERTED, 3, 3),)


def test_given_acts_swapped_when_checked_then_it_shows() -> None:
    first, second, third, *rest = a_chain()

    assert faults(renumbered([first, third, second, *rest])) != ()


def test_given_an_exported_head_when_the_end_is_cut_then_it_shows() -> None:
    chain = a_chain()
    head = chain[-1].link.head

    cut = chain[:4]
    grown = linked([*(recorded.act for recorded in cut), a_staff_act(), a_staff_act()])

    assert faults(cut) == ()
    assert faults(cut, head=head) == (ChainFault(FaultKind.CUT, 5, 6),)
    assert faults(grown, head=head) == (ChainFault(FaultKind.CUT, 6, 6),)
    assert faults([], head=head) == (ChainFault(FaultKind.CUT, 1, 6),)


def test_given_an_erased_act_when_checked_then_only_one_on_record_passes() -> None:
    chain = a_chain()
    erased = [*chain[:2], without_values(chain[2]), *chain[3:]]
    note = replace(a_staff_act(), action_type="act_erased", subject=f"act:{chain[2].act.id}")

    on_record = [*erased, chained(note, after=chain[-1].link.head, salt="5a17")]

    assert faults(erased) == (ChainFault(FaultKind.ERASED_OFF_RECORD, 3, 3),)
    assert faults(on_record) == ()
    assert faults(edit(on_record, 2, description="x")) == (ChainFault(FaultKind.CHANGED, 3, 3),)


def test_given_a_head_when_written_and_read_then_it_is_the_same() -> None:
    head = a_chain()[-1].link.head

    assert ChainHead.parse(f" {head}\n") == head


@pytest.mark.parametrize("text", ["", "6", "0:" + "0" * 64, "6:" + "0" * 63, "x:" + "0" * 64])
def test_given_no_head_when_read_then_it_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError):
        ChainHead.parse(text)

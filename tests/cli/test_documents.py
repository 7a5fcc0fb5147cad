"""Files on bookings on the command line, and how they are removed by a worker's work."""

from typing import TypeVar

import pytest

from tests.cli.conftest import Runner
from tests.cli.shelf import Shelf
from tests.cli.staffing import hire
from tests.core.documents.sample_files import a_jpeg, a_pdf
from totetaxi_adapters.wiring import Wiring
from totetaxi_core.documents.document import COURIER, MAX_BYTES, DocumentKind
from totetaxi_core.documents.keep_document import keep_document
from totetaxi_core.outbox.perform_effect import perform_effect

AS_ROOT, AS_LOU = ("--as", "root"), ("--as", "lou")
Answer = TypeVar("Answer")


async def _remove_files(wiring: Wiring) -> None:
    async with wiring.ports.unit_of_work() as uow:
        owed = await uow.outbox.troubled(due_before=wiring.ports.clock(), limit=10)
    for effect in owed:
        await perform_effect(effect.id, wiring.ports, wiring.terms)


def test_given_a_file_when_added_got_and_removed_then_it_comes_back_the_same_and_goes(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch, shelf: Shelf
) -> None:
    hire(totetaxi, monkeypatch, "root", "admin")
    number, plan = shelf.booking.booking_number, str(shelf.file("plan.exe", a_pdf()))
    added = ("documents", "add", number.lower(), plan, "--kind", "floor_plan", *AS_ROOT)
    target = shelf.folder / "back.pdf"

    told = totetaxi(*added, "--json").json
    again = totetaxi(*added)
    listed = totetaxi("documents", "list", number, "--json").json["results"]
    got = totetaxi("documents", "get", number, told["id"], "--to", str(target), *AS_ROOT)
    over = totetaxi("documents", "get", number, told["id"], "--to", str(target), *AS_ROOT)
    kept = shelf.kept
    removed = totetaxi("documents", "remove", number, told["id"], *AS_ROOT)
    shelf.wired(_remove_files)

    assert (told["kind"], told["uploaded_by"], told["file_name"]) == (
        "floor_plan",
        "root",
        "plan.exe.pdf",
    )
    assert (again.code, "has this file already" in again.out) == (0, True)
    assert (listed, kept) == ([told], [a_pdf()])
    assert (got.code, target.read_bytes()) == (0, a_pdf())
    assert (over.code, "File exists" in over.err) == (1, True)
    assert (removed.code, removed.out) == (0, "removed plan.exe.pdf\n")
    assert totetaxi("documents", "list", number, "--json").json["results"] == []
    assert shelf.kept == []


def test_given_a_file_we_do_not_take_when_added_then_it_says_why_and_that_is_on_record(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch, shelf: Shelf
) -> None:
    hire(totetaxi, monkeypatch, "root", "admin")
    hire(totetaxi, monkeypatch, "lou", "logistics", *AS_ROOT)
    number = shelf.booking.booking_number

    def refused(content: bytes, *options: str, kind: str = "photo") -> tuple[int, str]:
        path = str(shelf.file("a.jpg", content))
        outcome = totetaxi("documents", "add", number, path, "--kind", kind, *options)
        return outcome.code, outcome.err.partition(":")[0]

    assert refused(b"<svg/>", *AS_ROOT) == (1, "unsupported_file_type")
    assert refused(bytes(MAX_BYTES + 1), *AS_ROOT) == (1, "file_too_large")
    assert refused(b"", *AS_ROOT) == (2, "empty file")
    assert refused(a_jpeg(), *AS_ROOT, kind="proof_of_delivery") == (2, "invalid_choice kind")
    assert refused(a_jpeg(), *AS_LOU) == (1, "permission_denied")
    assert shelf.kept == []
    acts = totetaxi("audit", "list", "--json").json["results"]
    refusals = [act["action_type"] for act in acts if act["is_refused"]]
    assert refusals == ["permission_denied", *["edit_bookings"] * 2]


def test_given_proof_of_delivery_when_removed_then_it_stays_and_can_be_had(
    totetaxi: Runner, monkeypatch: pytest.MonkeyPatch, shelf: Shelf
) -> None:
    hire(totetaxi, monkeypatch, "root", "admin")
    hire(totetaxi, monkeypatch, "lou", "logistics", *AS_ROOT)
    number = shelf.booking.booking_number
    proof = shelf.wired(
        lambda wiring: keep_document(
            shelf.booking.id,
            DocumentKind.PROOF_OF_DELIVERY,
            a_jpeg(),
            wiring.ports,
            content_type="image/jpeg",
            file_name="door.jpg",
            uploaded_by=COURIER,
        )
    )
    monkeypatch.chdir(shelf.folder)

    removed = totetaxi("documents", "remove", number, str(proof.id), *AS_ROOT)
    got = totetaxi("documents", "get", number, str(proof.id), *AS_LOU, "--json")

    assert (removed.code, removed.err.partition(":")[0]) == (1, "proof_is_kept")
    assert (got.json["uploaded_by"], (shelf.folder / "door.jpg").read_bytes()) == (
        "courier",
        a_jpeg(),
    )

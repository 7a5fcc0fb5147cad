"""What the driver took at the door is kept as documents of the booking, each once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.logistics.courier_house import CourierHouse, a_driven_house
from totetaxi_core.bookings.contact import Contact
from totetaxi_core.documents.document import COURIER, Document, DocumentKind
from totetaxi_core.logistics.courier_gateway import ProofFile
from totetaxi_core.logistics.courier_task import CourierTaskStatus, Leg
from totetaxi_core.outbox.owed_effect import EffectKind, EffectState
from totetaxi_core.outbox.perform_effect import perform_effect

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\xff\xd9"
COMPLETED = CourierTaskStatus.COMPLETED


async def delivered(house: CourierHouse, *photo_ids: str, signature_id: str | None = None) -> None:
    """End the drop-off with these files, as the courier's answer tells."""
    proof = {"photo_ids": photo_ids, "signature_id": signature_id, "driver_notes": "doorman"}
    house.drive(Leg.DROPOFF, COMPLETED, completed_at=house.house.clock(), **proof)
    await house.sync(Leg.DROPOFF)


def documents(house: CourierHouse) -> list[Document]:
    return list(house.house.database.documents.rows.values())


def give(house: CourierHouse, upload_id: str, content: bytes) -> None:
    house.couriers.proofs[upload_id] = ProofFile(content=content, content_type="image/jpeg")


async def test_given_photos_and_a_signature_when_delivered_then_each_is_kept_once() -> None:
    house = await a_driven_house()
    for upload_id in ("p-1", "p-2", "s-1"):
        give(house, upload_id, JPEG + upload_id.encode())
    await delivered(house, "p-1", "p-2", signature_id="s-1")

    await house.house.work_off()
    await house.sync(Leg.DROPOFF)
    await house.house.work_off()

    kept = documents(house)
    assert [each.file_name for each in kept] == [
        "dropoff-photo-1.jpg",
        "dropoff-photo-2.jpg",
        "dropoff-signature.jpg",
    ]
    assert {(each.kind, each.uploaded_by) for each in kept} == {
        (DocumentKind.PROOF_OF_DELIVERY, COURIER)
    }
    assert house.house.files.files[kept[0].storage_key] == JPEG + b"p-1"
    assert house.task(Leg.DROPOFF).driver_notes == "doorman"


async def test_given_a_person_erased_since_when_a_photo_is_owed_then_it_is_not_fetched() -> None:
    house = await a_driven_house()
    give(house, "p-1", JPEG)
    await delivered(house, "p-1")
    rows = house.house.database.courier_tasks.rows
    rows.update({key: row.forget() for key, row in rows.items()})

    await house.house.work_off()

    assert documents(house) == []
    assert house.undone(EffectKind.KEEP_PROOF) == []


async def test_given_a_photo_that_is_late_when_fetched_then_it_is_tried_for_a_day() -> None:
    house = await a_driven_house()
    await delivered(house, "p-1")
    [owed] = house.house.effects(EffectKind.KEEP_PROOF)
    perform = house.house.ports, house.house.terms

    first = await perform_effect(owed.id, *perform)
    house.house.clock.advance(timedelta(hours=1))
    give(house, "p-1", JPEG)
    second = await perform_effect(owed.id, *perform)

    assert (first, second) == (EffectState.DUE, EffectState.DONE)
    assert len(documents(house)) == 1


async def test_given_a_photo_that_never_comes_when_a_day_is_over_then_a_person_must_look() -> None:
    house = await a_driven_house()
    await delivered(house, "p-1")
    [owed] = house.house.effects(EffectKind.KEEP_PROOF)
    house.house.clock.advance(timedelta(days=1))

    state = await perform_effect(owed.id, house.house.ports, house.house.terms)

    [failed] = house.house.effects(EffectKind.KEEP_PROOF)
    assert state is EffectState.FAILED
    assert (failed.last_error or "").startswith("proof_gone")


async def test_given_a_file_that_is_no_picture_when_fetched_then_it_is_given_up() -> None:
    house = await a_driven_house()
    give(house, "p-1", b"#!/bin/sh")
    await delivered(house, "p-1")
    [owed] = house.house.effects(EffectKind.KEEP_PROOF)

    state = await perform_effect(owed.id, house.house.ports, house.house.terms)

    assert state is EffectState.FAILED
    assert documents(house) == []


async def test_given_a_customer_who_was_forgotten_when_proof_comes_late_then_none_is_kept() -> None:
    house = await a_driven_house()
    nobody = Contact(first_name="", last_name="", email="", phone="")
    changed = replace(house.booking, contact=nobody)
    house.house.database.bookings.publish({changed.id: changed})

    await delivered(house, "p-1", signature_id="s-1")

    task = house.task(Leg.DROPOFF)
    assert (task.status, task.driver_notes, task.upload_ids) == (COMPLETED, "", ())
    assert house.house.effects(EffectKind.KEEP_PROOF) == []


async def test_given_a_drive_under_way_when_it_has_photos_then_none_is_fetched_yet() -> None:
    house = await a_driven_house()

    house.drive(Leg.PICKUP, CourierTaskStatus.ACTIVE, photo_ids=("p-1",))
    await house.sync()

    assert house.house.effects(EffectKind.KEEP_PROOF) == []


async def test_given_a_person_erased_while_the_courier_answers_when_kept_then_nothing_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = await a_driven_house()
    give(house, "p-1", JPEG)
    await delivered(house, "p-1")
    read_proof = house.couriers.read_proof

    async def erased_meanwhile(upload_id: str) -> ProofFile:
        nobody = Contact(first_name="", last_name="", email="", phone="")
        changed = replace(house.booking, contact=nobody)
        house.house.database.bookings.publish({changed.id: changed})
        return await read_proof(upload_id)

    monkeypatch.setattr(house.couriers, "read_proof", erased_meanwhile)

    await house.house.work_off()

    assert (documents(house), house.house.files.files) == ([], {})
    assert house.undone(EffectKind.KEEP_PROOF) == []

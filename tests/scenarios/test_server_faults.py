"""The database's own machine fails: the server restarts, its disk or ours is full."""

import os
import resource
import shutil
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psycopg
import pytest

from tests.core.documents.sample_files import a_png
from tests.scenarios.child_process import ChildProcess
from tests.scenarios.eventually import eventually
from tests.scenarios.guest import an_order
from tests.scenarios.house import House
from tests.scenarios.insisting import (
    COME_BACK,
    LATER_S,
    SOON_S,
    all_done,
    assert_confirmed,
    insist,
    status,
    told,
)
from totetaxi_adapters.embedded_postgres import EmbeddedPostgres, PostgresLease
from totetaxi_adapters.embedded_postgres.cluster import processes_in
from totetaxi_adapters.postgres.migrations import upgrade

GUESTS: Final = 6
ROOM_BYTES: Final = 16 * 1024**2
"""As much as a segment of PostgreSQL's log of writes: only data must grow beyond it."""
LITTLE_BYTES: Final = 8 * 1024
FILL: Final = """
INSERT INTO owed_effects (id, kind, cause, payload, state, attempts, created_at, due_at, done_at)
SELECT gen_random_uuid(), 'settle_intent', 'filler ' || number, (
    SELECT jsonb_build_object('filler', string_agg(md5(number || ' ' || part), ''))
    FROM generate_series(1, 59) AS part
), 'done', 1, now(), now(), now() FROM generate_series(1, 8600) AS number"""
ONTO_NEW_PAGES: Final = "ALTER TABLE owed_effects SET (fillfactor = 10)"
A_PICTURE: Final = a_png(text=bytes(200_000))


class OwnServer:
    """A house on a PostgreSQL of its own, whose processes a test may limit and stop."""

    def __init__(self, lease: PostgresLease, cluster: Path, folder: Path) -> None:
        self._cluster = cluster
        self.house = House(lease.database_url, folder)
        self.service: ChildProcess = self.house.start()

    @property
    def postmaster(self) -> int:
        """Return its process id; 0 while there is none."""
        try:
            return int((self._cluster / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError):
            return 0

    @contextmanager
    def room_for_files(self, most_bytes: int) -> Iterator[None]:
        """Have writing fail beyond that place in any file, as it does where a disk is full."""
        self._limit(most_bytes)
        try:
            yield
        finally:
            self._limit(resource.RLIM_INFINITY)

    def _limit(self, most_bytes: int) -> None:
        for _ in range(2):  # who is born meanwhile has the limit of before
            for process in processes_in(self._cluster):
                with suppress(ProcessLookupError):
                    limit_files(process, most_bytes)


def limit_files(process: int, most_bytes: int) -> None:
    resource.prlimit(process, resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    # Not in `tmp_path`: the account PostgreSQL runs as may not pass through that one.
    folder = Path(tempfile.mkdtemp(prefix="tt-own-"))
    folder.chmod(0o755)
    with EmbeddedPostgres(folder / "data").acquire() as lease:
        with psycopg.connect(lease.database_url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        upgrade(lease.database_url)
        made = OwnServer(lease, folder / "data" / "cluster", tmp_path_factory.mktemp("house"))
        yield made
        made.house.close()
    shutil.rmtree(folder)


def test_given_guests_who_insist_when_the_server_restarts_then_each_books_once(
    own: OwnServer,
) -> None:
    house, before = own.house, own.postmaster
    days = [house.next_open_date() for _ in range(GUESTS // 2)]
    orders = [an_order(days[number % len(days)]) for number in range(GUESTS)]
    refused: list[int] = []

    with ThreadPoolExecutor(GUESTS) as threads:
        booking = [threads.submit(insist, order, house, refused) for order in orders]
        os.kill(before, signal.SIGINT)  # a fast shutdown; its supervisor starts it again
        eventually(lambda: own.postmaster not in (0, before), within_s=SOON_S)
        eventually(lambda: all_done(booking), within_s=LATER_S)
        booked = [each.result() for each in booking]

    assert set(refused) <= {503}
    for answer in booked:
        assert_confirmed(answer["id"], house)
    assert "request_failed" not in own.service.output


def test_given_a_disk_without_room_for_data_when_booked_then_503_until_there_is_room(
    own: OwnServer,
) -> None:
    house, order = own.house, an_order(own.house.next_open_date())
    paid = house.guest.books(an_order(house.next_open_date()))
    house.change(FILL)
    house.change(ONTO_NEW_PAGES)

    with own.room_for_files(ROOM_BYTES):
        answers = [told(house.guest.book(order)) for _ in range(2)]
        house.stripe.pay(paid.intent_id)
        read = status(f"/api/public/booking-status/{paid.number}", house)

    assert answers == [COME_BACK] * 2
    assert read == 200
    assert house.guest.book(order).status_code == 201
    assert_confirmed(paid.id, house)


def test_given_a_disk_without_room_for_the_log_of_writes_when_it_is_back_then_so_are_we(
    own: OwnServer,
) -> None:
    house, order = own.house, an_order(own.house.next_open_date())
    paid = house.guest.books(an_order(house.next_open_date()))

    with own.room_for_files(LITTLE_BYTES):
        answer = told(house.guest.book(order))  # and PostgreSQL falls

    assert answer == COME_BACK
    booked = insist(order, house, [])
    house.stripe.pay(paid.intent_id)
    assert_confirmed(str(booked["id"]), house)
    assert_confirmed(paid.id, house)


def test_given_a_full_disk_beneath_logs_and_files_when_asked_then_only_what_needs_it_fails(
    own: OwnServer,
) -> None:
    house, process = own.house, own.service.pid
    eventually(lambda: status("/health/ready", house) == 200, within_s=SOON_S)
    paid = house.guest.books(an_order(house.next_open_date()))
    headers = {"X-Manage-Token": paid.manage_token}
    picture = {"file": ("stairs.png", A_PICTURE, "image/png")}

    def upload() -> tuple[int, str, str | None]:
        path = "/api/public/manage/documents"
        kind = {"kind": "photo"}
        return told(house.guest.http.post(path, files=picture, data=kind, headers=headers))

    limit_files(process, own.service.log.stat().st_size)
    full, priced = upload(), house.guest.preview(an_order(house.next_open_date()))
    booked = house.guest.book(an_order(house.next_open_date())).status_code
    limit_files(process, resource.RLIM_INFINITY)

    assert full == (503, "file_store_unavailable", "5")
    assert priced["total_price_cents"] > 0
    assert booked == 201
    assert upload()[0] == 201

"""Files on a booking over HTTP: its guest, its customer, staff, and everybody else."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.core.bookings.account_holder import order_of_customer
from tests.core.documents.sample_files import a_jpeg, a_pdf, a_png
from tests.http.customer.conftest import LoggedIn, Service
from totetaxi_adapters.memory.file_store import MemoryFileStore
from totetaxi_adapters.memory.outage import Outage
from totetaxi_core.bookings.book import book
from totetaxi_core.bookings.booking import Booking
from totetaxi_core.documents.document import COURIER, MAX_BYTES, DocumentKind
from totetaxi_core.documents.keep_document import keep_document
from totetaxi_core.staff.role import Role
from totetaxi_http.documents.upload import MAX_BODY_BYTES

GUEST = "/api/public/manage/documents"
LINK = "https://files.example/signed"
Part = tuple[str, str | None, bytes]


class SigningFileStore(MemoryFileStore):
    """Files as on S3: whoever wants one is sent on."""

    async def signed_url(self, key: str, *, lifetime: timedelta) -> str | None:
        return f"{LINK}?key={key}&for={lifetime.seconds}"


@dataclass(frozen=True, kw_only=True)
class Door:
    """Where somebody reaches a booking's files, and with which headers."""

    http: httpx.AsyncClient
    path: str
    headers: dict[str, str]

    async def upload(self, content: bytes = a_png(), name: str = "Küche.png") -> httpx.Response:
        return await self.http.post(
            self.path,
            files={"file": (name, content, "text/html")},
            data={"kind": "photo"},
            headers=self.headers,
        )

    async def added(self, content: bytes = a_png(), name: str = "Küche.png") -> dict[str, Any]:
        answer = await self.upload(content, name)
        assert answer.status_code == 201, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def call(self, method: str, document_id: str = "") -> httpx.Response:
        path = f"{self.path}/{document_id}" if document_id else self.path
        return await self.http.request(method, path, headers=self.headers)

    async def listed(self) -> list[dict[str, Any]]:
        answer = await self.call("GET")
        told: list[dict[str, Any]] = answer.json()["results"]
        return told


@dataclass(frozen=True, kw_only=True)
class Move:
    """A booking in customer A's account; who knows its manage token is its guest."""

    service: Service
    booking: Booking
    guest: Door
    customer: Door

    async def staff(self, http: httpx.AsyncClient, role: Role) -> Door:
        house = self.service.house
        member = await house.hire(f"in.{role}", role, by=house.root)
        token = (await house.log_in(member.username)).access_token
        path = f"/api/staff/documents/bookings/{self.booking.id}"
        return Door(http=http, path=path, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
async def move(service: Service, stranger: httpx.AsyncClient, customer_a: LoggedIn) -> Move:
    house = service.house
    booked = await book(order_of_customer(customer_a.customer), house.ports, house.terms)
    token = house.terms.manage_tokens.token(booked.booking.id)
    path = f"/api/customer/bookings/{booked.booking.id}/documents"
    return Move(
        service=service,
        booking=booked.booking,
        guest=Door(http=stranger, path=GUEST, headers={"X-Manage-Token": token}),
        customer=Door(http=customer_a.http, path=path, headers={}),
    )


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(one["field"], one["code"]) for one in answer.json()["details"]]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error_type"]


async def test_given_a_picture_when_uploaded_then_its_content_says_what_it_is(move: Move) -> None:
    told = await move.guest.added(a_jpeg(), "..\\..\\Küche\r\n.html")

    assert told["content_type"] == "image/jpeg"
    assert (told["kind"], told["uploaded_by"]) == ("photo", "guest")
    assert told["file_name"] == "Küche.html.jpg"
    assert told["size_bytes"] == len(a_jpeg())
    assert await move.customer.listed() == [told]
    assert await move.guest.listed() == [told]


async def test_given_the_same_content_when_uploaded_again_then_the_first_is_answered(
    move: Move,
) -> None:
    first = await move.guest.added()

    again = await move.customer.upload(name="other.png")

    assert (again.status_code, again.json()) == (200, first)
    assert len(await move.guest.listed()) == 1


async def test_given_a_file_when_downloaded_then_it_is_saved_and_never_shown_or_kept(
    move: Move,
) -> None:
    told = await move.guest.added()

    for door in (move.guest, move.customer):
        answer = await door.call("GET", told["id"])

        assert (answer.status_code, answer.content) == (200, a_png())
        headers = answer.headers
        assert headers["content-type"] == "image/png"
        assert headers["content-length"] == str(len(a_png()))
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        named = "attachment; filename=\"Kuche.png\"; filename*=UTF-8''K%C3%BCche.png"
        assert headers["content-disposition"] == named


async def test_given_files_on_s3_when_downloaded_then_a_link_for_ten_minutes_leads_there(
    service: Service, move: Move
) -> None:
    ports = replace(service.house.ports, files=SigningFileStore())
    service.app.state["ports"] = ports
    told = await move.guest.added()

    answer = await move.guest.call("GET", told["id"])

    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"{LINK}?key=documents/")
    assert answer.headers["location"].endswith("&for=600")
    assert answer.headers["cache-control"] == "no-store"


async def test_given_content_we_do_not_take_when_uploaded_then_no_name_makes_it_pass(
    move: Move,
) -> None:
    sent = (
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
        (b"<html><script>alert(1)</script>", "a.png"),
        (a_png(tail=b"<script>alert(1)</script>"), "a.png"),
        (a_jpeg(comment=b"<SCRIPT>alert(1)</SCRIPT>"), "a.jpg"),
        (b"MZ\x90\x00", "a.pdf"),
        (b"GIF89a", "a.gif"),
    )

    answers = [await move.guest.upload(content, name) for content, name in sent]

    assert {code(answer) for answer in answers} == {(415, "unsupported_file_type")}
    assert {*map(tuple, map(faults, answers))} == {(("file", "unsupported_file_type"),)}
    assert await move.guest.listed() == []


async def test_given_a_file_above_the_limit_when_uploaded_then_it_is_too_large(
    move: Move,
) -> None:
    def plan(more: int) -> bytes:
        return a_pdf(body=bytes(MAX_BYTES - len(a_pdf()) + more))

    at_most = await move.guest.upload(plan(0), "plan.pdf")
    above = [await move.guest.upload(plan(more), "plan.pdf") for more in (1, MAX_BODY_BYTES)]

    assert at_most.status_code == 201
    assert [code(each) for each in above] == [(413, "file_too_large")] * 2


async def test_given_twenty_files_when_one_more_is_uploaded_then_that_is_too_many(
    move: Move,
) -> None:
    for number in range(20):
        await move.guest.added(a_png(text=b"%d" % number))

    answer = await move.customer.upload()

    assert code(answer) == (409, "too_many_documents")


async def test_given_a_silent_store_when_uploaded_or_read_then_it_says_to_come_back(
    service: Service, move: Move
) -> None:
    told = await move.guest.added()
    service.house.files.outages.last(Outage.BEFORE_ACTING)

    for answer in (
        await move.guest.upload(a_jpeg()),
        await move.guest.call("GET", told["id"]),
    ):
        assert code(answer) == (503, "file_store_unavailable")
        assert answer.headers["retry-after"] == "5"


async def test_given_strangers_when_they_ask_then_there_is_nothing(
    service: Service, move: Move, customer_b: LoggedIn
) -> None:
    told = await move.guest.added()
    other = Door(http=customer_b.http, path=move.customer.path, headers={})
    unknown = Door(http=move.guest.http, path=GUEST, headers={"X-Manage-Token": "x.y"})
    theirs = await book(
        order_of_customer(customer_b.customer), service.house.ports, service.house.terms
    )
    token = service.house.terms.manage_tokens.token(theirs.booking.id)
    beside = replace(move.guest, headers={"X-Manage-Token": token})

    for method, document_id in (("GET", ""), ("GET", told["id"]), ("DELETE", told["id"])):
        assert code(await other.call(method, document_id)) == (404, "booking_not_found")
        assert code(await unknown.call(method, document_id)) == (401, "invalid_manage_token")
    for method in ("GET", "DELETE"):
        assert code(await beside.call(method, told["id"])) == (404, "document_not_found")
    assert code(await other.upload(b"not even looked at")) == (404, "booking_not_found")
    assert code(await unknown.upload(b"not even looked at")) == (401, "invalid_manage_token")
    assert await move.guest.listed() == [told]


async def test_given_files_when_removed_then_each_removes_their_own_and_proof_stays(
    service: Service, move: Move
) -> None:
    desk = await move.staff(move.guest.http, Role.OPERATIONS)
    own, of_staff = await move.guest.added(), await desk.added(a_pdf(), "coi.pdf")
    proof = await keep_document(
        move.booking.id,
        DocumentKind.PROOF_OF_DELIVERY,
        a_jpeg(),
        service.house.ports,
        content_type="image/jpeg",
        file_name="door.jpg",
        uploaded_by=COURIER,
    )

    refused = [await move.customer.call("DELETE", of_staff["id"])]
    refused += [await door.call("DELETE", str(proof.id)) for door in (move.guest, desk)]
    removed = await move.customer.call("DELETE", own["id"])
    again = await move.guest.call("DELETE", own["id"])

    assert [code(each) for each in refused] == [
        (403, "not_your_document"),
        (409, "proof_is_kept"),
        (409, "proof_is_kept"),
    ]
    assert (removed.status_code, code(again)) == (200, (404, "document_not_found"))
    seen = {one["id"]: one["uploaded_by"] for one in await move.customer.listed()}
    assert seen == {of_staff["id"]: "staff", str(proof.id): "courier"}
    assert {one["uploaded_by"] for one in await desk.listed()} == {"in.operations", "courier"}


async def test_given_staff_when_they_work_with_files_then_adding_and_removing_is_on_record(
    service: Service, move: Move, stranger: httpx.AsyncClient
) -> None:
    desk = await move.staff(stranger, Role.CUSTOMER_SERVICE)
    driver = await move.staff(stranger, Role.LOGISTICS)
    before = len(service.house.acts())

    told = await desk.added(a_pdf(), "coi.pdf")
    read = await driver.call("GET", told["id"])
    refused = [await driver.upload(), await driver.call("DELETE", told["id"])]
    await desk.call("DELETE", told["id"])

    assert read.content == a_pdf()
    assert [code(each) for each in refused] == [(403, "permission_denied")] * 2
    acts = [(act.action_type, act.staff_name) for act in service.house.acts()[before:]]
    kinds = [each for each in acts if each[0] != "login"]
    assert kinds == [
        ("document_added", "in.customer_service"),
        ("permission_denied", "in.logistics"),
        ("permission_denied", "in.logistics"),
        ("document_removed", "in.customer_service"),
    ]


FILE: Part = ("file", "a.png", a_png())
KIND: Part = ("kind", None, b"photo")
FAULTY: tuple[tuple[list[Part], set[tuple[str, str]]], ...] = (
    ([], {("file", "missing"), ("kind", "missing")}),
    ([KIND], {("file", "missing")}),
    ([FILE, ("kind", None, b"selfie")], {("kind", "invalid_choice")}),
    ([FILE, ("kind", None, b"proof_of_delivery")], {("kind", "invalid_choice")}),
    ([FILE, KIND, ("owner", None, b"me")], {("owner", "unknown_field")}),
    ([FILE, FILE, KIND], {("file", "repeated")}),
    ([FILE, KIND, KIND], {("kind", "repeated")}),
    ([("file", None, b"text"), KIND], {("file", "wrong_type")}),
    ([FILE, ("kind", "kind.txt", b"photo")], {("kind", "wrong_type")}),
    (
        [FILE, ("kind", None, b"\xff\xfe")],
        {("kind", "not_unicode"), ("kind", "invalid_choice")},
    ),
    ([("file", "a.png", b""), KIND], {("file", "empty")}),
    ([FILE, *[KIND] * 20], {("body", "not_multipart")}),
)


async def test_given_a_form_with_faults_when_sent_then_every_one_is_named(move: Move) -> None:
    for parts, told in FAULTY:
        answer = await sent(move, form(parts), "multipart/form-data; boundary=b")

        assert code(answer) == (400, "invalid")
        assert set(faults(answer)) == told


async def test_given_a_body_that_is_no_form_when_sent_then_that_is_said(move: Move) -> None:
    kind = b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\nphoto'
    bodies = (
        b"",
        b"--b\r\n",
        b"hello",
        kind,
        kind + b"\r\n",
        b"--b\r\nX: y\r\n\r\nphoto\r\n--b--",
        b"--b\r\n" + b"X" * 9_000 + b"\r\n\r\n--b--",
        b"--b\r\n\xff: y\r\n\r\n--b--",
    )

    answers = [await sent(move, body, "multipart/form-data; boundary=b") for body in bodies]
    answers.append(await sent(move, kind + b"\r\n--b--\r\n", "multipart/form-data"))

    assert [code(answer) for answer in answers] == [(400, "invalid")] * len(answers)
    assert {*map(tuple, map(faults, answers))} == {(("body", "not_multipart"),)}


async def test_given_a_body_that_says_it_is_something_else_when_sent_then_it_is_not_taken(
    move: Move,
) -> None:
    kinds = ("application/json", "text/plain", "", "image/png", "multipart/mixed; boundary=b")

    answers = [await sent(move, b"{}", content_type) for content_type in kinds]

    assert {code(answer) for answer in answers} == {(415, "unsupported_media_type")}


async def test_given_a_route_for_json_when_much_is_sent_then_its_own_limit_stands(
    move: Move,
) -> None:
    headers = {"Content-Type": "application/json"}

    answer = await move.guest.http.post(
        "/api/public/guest-booking", content=bytes(300_000), headers=headers
    )

    assert code(answer) == (413, "body_too_large")


def form(parts: list[Part]) -> bytes:
    """Return a form of parts with a name, a file's name and a content."""
    made = b""
    for name, file_name, content in parts:
        named = f'form-data; name="{name}"' + (f'; filename="{file_name}"' if file_name else "")
        made += f"--b\r\nContent-Disposition: {named}\r\n\r\n".encode() + content + b"\r\n"
    return made + b"--b--\r\n"


async def sent(move: Move, body: bytes, content_type: str) -> httpx.Response:
    headers = move.guest.headers | {"Content-Type": content_type}
    return await move.guest.http.post(GUEST, content=body, headers=headers)

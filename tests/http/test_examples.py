"""The examples of the description are true: bodies pass, answers have the fields of their class."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from types import NoneType
from typing import Any, get_args, get_type_hints

import attrs
import pytest

from tests.http.service import examples_in, handlers, operations
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing import quote
from totetaxi_http.schemas.booking import BookingResponse
from totetaxi_http.schemas.catalog import (
    BladeServiceResponse,
    FeesResponse,
    OrganizingResponse,
    PackageResponse,
    SpecialtyItemResponse,
    StandardDeliveryResponse,
    shown,
)
from totetaxi_http.schemas.preview import LineResponse, PreviewBody
from totetaxi_http.wire.converter import BODIES as CONVERTER
from totetaxi_http.wire.converter import json_bytes
from totetaxi_http.wire.query import query_kind_of
from totetaxi_http.wire.structuring import list_fields, structure_body, structure_query

BOOK = PriceBook.default()
HANDLERS = handlers()
BODIES = [
    field.annotation
    for field in (handler.parsed_data_field for handler in HANDLERS)
    if field is not None
]
QUERIES = [kind for kind in map(query_kind_of, HANDLERS) if kind is not None]


def answer_classes() -> dict[str, Any]:
    returned = [handler.parsed_fn_signature.return_type for handler in HANDLERS]
    kinds = [
        one.inner_types[0].annotation if one.inner_types else one.annotation for one in returned
    ]
    return {kind.__name__: kind for kind in kinds}


def misfits(value: Any, kind: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401
    """Yield where the JSON `value` is not what an answer of the type `kind` looks like."""
    inner = [one for one in get_args(kind) if one not in (NoneType, ...)]
    if value is None and NoneType in get_args(kind):
        return
    if isinstance(value, list):
        for index, one in enumerate(value):
            yield from misfits(one, inner[0], f"{path}.{index}")
    elif attrs.has(kind) or (inner and attrs.has(inner[0])):
        made = kind if attrs.has(kind) else inner[0]
        hints = get_type_hints(made)
        names = [field.name for field in attrs.fields(made)]
        if sorted(value) != sorted(names):
            yield f"{path}: {sorted(set(value) ^ set(names))}"
        for name in set(value) & set(names):
            yield from misfits(value[name], hints[name], f"{path}.{name}")
    elif not isinstance(value, dict):
        yield from _misfit(value, kind, path)


def _misfit(value: Any, kind: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    try:
        CONVERTER.structure(value, kind)
    except ValueError as error:
        yield f"{path}: {error}"


@pytest.mark.parametrize("kind", BODIES)
def test_given_the_example_of_a_body_when_structured_then_it_has_no_fault(kind: Any) -> None:  # noqa: ANN401
    made = structure_body(json.dumps(kind.EXAMPLE).encode(), kind)

    assert isinstance(made, kind)


@pytest.mark.parametrize("kind", QUERIES)
def test_given_the_example_of_a_query_when_structured_then_it_has_no_fault(kind: Any) -> None:  # noqa: ANN401
    made = structure_query(kind.EXAMPLE.items(), kind, listed=list_fields(kind))

    assert isinstance(made, kind)


@pytest.mark.parametrize(("method", "path", "operation"), operations())
def test_given_the_example_of_an_answer_when_compared_then_it_has_its_class_s_fields(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    kinds = answer_classes()
    contents = [
        media
        for status, response in operation["responses"].items()
        if status < "3"
        for media in response["content"].values()
    ]

    found = [
        misfit
        for media in contents
        if "$ref" in media["schema"]  # a text or a file has no fields
        for value in examples_in({"": media})
        for misfit in misfits(value, kinds[media["schema"]["$ref"].rpartition("/")[2]])
    ]

    assert contents or "303" in operation["responses"], (method, path)
    assert found == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (PackageResponse, PackageResponse.of(shown(BOOK.mini_move_packages)[0])),
        (OrganizingResponse, OrganizingResponse.of(shown(BOOK.organizing_services)[0])),
        (SpecialtyItemResponse, SpecialtyItemResponse.of(shown(BOOK.specialty_items)[0])),
        (StandardDeliveryResponse, StandardDeliveryResponse.of(BOOK.standard_delivery)),
        (BladeServiceResponse, BladeServiceResponse.of(shown(BOOK.blade_services)[0])),
        (FeesResponse, FeesResponse.of(BOOK.fees)),
    ],
)
def test_given_an_example_of_the_catalog_when_compared_then_the_book_says_the_same(
    kind: Any,  # noqa: ANN401
    told: object,
) -> None:
    assert json.loads(json_bytes(told)) == kind.EXAMPLE


def test_given_the_example_of_a_price_when_its_request_is_priced_then_it_is_that() -> None:
    request = structure_body(json.dumps(PreviewBody.EXAMPLE).encode(), PreviewBody).request()

    priced = quote(request, BOOK, at=datetime(2026, 11, 25, tzinfo=UTC))

    lines = [json.loads(json_bytes(LineResponse.from_line(line))) for line in priced.lines]
    assert lines == [LineResponse.EXAMPLE]
    assert BookingResponse.EXAMPLE["total_price_cents"] == priced.total_cents

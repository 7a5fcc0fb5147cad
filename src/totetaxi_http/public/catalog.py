"""What do we sell? Active entries of the price book in effect."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self
from uuid import UUID

import attrs
from litestar import Request, get
from litestar.params import FromPath

from totetaxi_core.catalog import OrganizingTier
from totetaxi_core.price_book import PriceBook
from totetaxi_core.refusal import DomainError
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.public.catalog_page import CATALOG_HEADERS, CATALOG_OPT, catalog_answer
from totetaxi_http.schemas.catalog import (
    BladeServiceResponse,
    FeesResponse,
    OrganizingResponse,
    PackageResponse,
    SpecialtyItemResponse,
    StandardDeliveryResponse,
    shown,
)
from totetaxi_http.wire.response import WireResponse


class ServiceNotFoundError(DomainError):
    """The book has no such service, or it is not offered any more."""

    code = "service_not_found"

    def __init__(self, service_id: UUID) -> None:
        super().__init__(f"there is no service {service_id}")


@attrs.frozen(kw_only=True)
class CatalogResponse:
    """Everything on offer."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "mini_move_packages": [PackageResponse.EXAMPLE],
        "organizing_services": [OrganizingResponse.EXAMPLE],
        "specialty_items": [SpecialtyItemResponse.EXAMPLE],
        "standard_delivery": StandardDeliveryResponse.EXAMPLE,
        "blade_services": [BladeServiceResponse.EXAMPLE],
        "fees": FeesResponse.EXAMPLE,
        "price_book_version": 1,
    }

    mini_move_packages: tuple[PackageResponse, ...]
    organizing_services: tuple[OrganizingResponse, ...]
    specialty_items: tuple[SpecialtyItemResponse, ...]
    standard_delivery: StandardDeliveryResponse
    blade_services: tuple[BladeServiceResponse, ...]
    fees: FeesResponse
    price_book_version: int

    @classmethod
    def of(cls, book: PriceBook) -> Self:
        return cls(
            mini_move_packages=_packages(book),
            organizing_services=_organizing(book),
            specialty_items=tuple(
                SpecialtyItemResponse.of(one) for one in shown(book.specialty_items)
            ),
            standard_delivery=StandardDeliveryResponse.of(book.standard_delivery),
            blade_services=tuple(
                BladeServiceResponse.of(one) for one in shown(book.blade_services)
            ),
            fees=FeesResponse.of(book.fees),
            price_book_version=book.version,
        )


@attrs.frozen(kw_only=True)
class MiniMovesResponse:
    """Packages, and the organizing services any of them can be booked with."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "mini_move_packages": [PackageResponse.EXAMPLE],
        "organizing_services": [OrganizingResponse.EXAMPLE],
        "price_book_version": 1,
    }

    mini_move_packages: tuple[PackageResponse, ...]
    organizing_services: tuple[OrganizingResponse, ...]
    price_book_version: int

    @classmethod
    def of(cls, book: PriceBook) -> Self:
        return cls(
            mini_move_packages=_packages(book),
            organizing_services=_organizing(book),
            price_book_version=book.version,
        )


@attrs.frozen(kw_only=True)
class TiersResponse:
    """Organizing services by tier."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "essential": [OrganizingResponse.EXAMPLE],
        "premium": [],
        "luxury": [],
        "price_book_version": 1,
    }

    essential: tuple[OrganizingResponse, ...]
    premium: tuple[OrganizingResponse, ...]
    luxury: tuple[OrganizingResponse, ...]
    price_book_version: int

    @classmethod
    def of(cls, book: PriceBook) -> Self:
        return cls(
            essential=_organizing(book, OrganizingTier.ESSENTIAL),
            premium=_organizing(book, OrganizingTier.PREMIUM),
            luxury=_organizing(book, OrganizingTier.LUXURY),
            price_book_version=book.version,
        )


def _packages(book: PriceBook) -> tuple[PackageResponse, ...]:
    return tuple(PackageResponse.of(one) for one in shown(book.mini_move_packages))


def _organizing(
    book: PriceBook, tier: OrganizingTier | None = None
) -> tuple[OrganizingResponse, ...]:
    return tuple(
        OrganizingResponse.of(one)
        for one in shown(book.organizing_services)
        if tier in (None, one.tier)
    )


@get("/services", opt=CATALOG_OPT, response_headers=CATALOG_HEADERS, sync_to_thread=False)
def services(state: ServiceState, request: Request[Any, Any, Any]) -> WireResponse[CatalogResponse]:
    """List everything on offer."""
    return catalog_answer(request, state.book, CatalogResponse.of)


@get(
    "/services/mini-moves-with-organizing",
    opt=CATALOG_OPT,
    response_headers=CATALOG_HEADERS,
    sync_to_thread=False,
)
def mini_moves_with_organizing(
    state: ServiceState, request: Request[Any, Any, Any]
) -> WireResponse[MiniMovesResponse]:
    """List the mini moves with the organizing services that go with them."""
    return catalog_answer(request, state.book, MiniMovesResponse.of)


@get(
    "/services/organizing-by-tier",
    opt=CATALOG_OPT,
    response_headers=CATALOG_HEADERS,
    sync_to_thread=False,
)
def organizing_by_tier(
    state: ServiceState, request: Request[Any, Any, Any]
) -> WireResponse[TiersResponse]:
    """List the organizing services by tier."""
    return catalog_answer(request, state.book, TiersResponse.of)


@get(
    "/services/organizing/{service_id:uuid}",
    opt={**CATALOG_OPT, "path_examples": {"service_id": OrganizingResponse.EXAMPLE["id"]}},
    response_headers=CATALOG_HEADERS,
    responses=problems(codes=("service_not_found",)),
    sync_to_thread=False,
)
def organizing_service(
    service_id: FromPath[UUID], state: ServiceState, request: Request[Any, Any, Any]
) -> WireResponse[OrganizingResponse]:
    """Show one organizing service; 404 when it is not offered."""
    return catalog_answer(request, state.book, _one, service_id)


def _one(book: PriceBook, service_id: UUID) -> OrganizingResponse:
    for service in shown(book.organizing_services):
        if service.id == service_id:
            return OrganizingResponse.of(service)
    raise ServiceNotFoundError(service_id)

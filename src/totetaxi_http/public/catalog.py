"""What do we sell? Active entries of the price book in effect."""

from collections.abc import Mapping
from typing import ClassVar, Self
from uuid import UUID

import attrs
from litestar import get
from litestar.params import FromPath

from totetaxi_core.catalog import OrganizingTier
from totetaxi_core.price_book import PriceBook
from totetaxi_core.refusal import DomainError
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.catalog import (
    BladeServiceResponse,
    FeesResponse,
    OrganizingResponse,
    PackageResponse,
    SpecialtyItemResponse,
    StandardDeliveryResponse,
    shown,
)


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


@get("/services", sync_to_thread=False)
def services(state: ServiceState) -> CatalogResponse:
    """List everything on offer."""
    return CatalogResponse.of(state.book)


@get("/services/mini-moves-with-organizing", sync_to_thread=False)
def mini_moves_with_organizing(state: ServiceState) -> MiniMovesResponse:
    """List the mini moves with the organizing services that go with them."""
    book = state.book
    return MiniMovesResponse(
        mini_move_packages=_packages(book),
        organizing_services=_organizing(book),
        price_book_version=book.version,
    )


@get("/services/organizing-by-tier", sync_to_thread=False)
def organizing_by_tier(state: ServiceState) -> TiersResponse:
    """List the organizing services by tier."""
    book = state.book
    return TiersResponse(
        essential=_organizing(book, OrganizingTier.ESSENTIAL),
        premium=_organizing(book, OrganizingTier.PREMIUM),
        luxury=_organizing(book, OrganizingTier.LUXURY),
        price_book_version=book.version,
    )


@get(
    "/services/organizing/{service_id:uuid}",
    opt={"path_examples": {"service_id": OrganizingResponse.EXAMPLE["id"]}},
    responses=problems(codes=("service_not_found",)),
    sync_to_thread=False,
)
def organizing_service(service_id: FromPath[UUID], state: ServiceState) -> OrganizingResponse:
    """Show one organizing service; 404 when it is not offered."""
    for service in shown(state.book.organizing_services):
        if service.id == service_id:
            return OrganizingResponse.of(service)
    raise ServiceNotFoundError(service_id)

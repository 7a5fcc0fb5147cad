"""Do we serve this ZIP code?"""

from collections.abc import Mapping
from typing import ClassVar

import attrs
from litestar import get
from litestar.params import FromPath

from totetaxi_core.geography.zip_code import five_digits
from totetaxi_core.pricing.area_surcharge import area_surcharge_cents
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems


@attrs.frozen(kw_only=True)
class ServiceAreaResponse:
    """`surcharge_cents` is what one address there adds to a price."""

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        "zip_code": "11937",
        "served": True,
        "zone": "hamptons_west",
        "surcharge_cents": 0,
    }

    zip_code: str
    served: bool
    zone: str | None
    surcharge_cents: int


@get(
    "/service-area/{zip_code:str}",
    opt={"path_examples": {"zip_code": "11937"}},
    responses=problems(codes=("invalid",)),
    sync_to_thread=False,
)
def service_area(zip_code: FromPath[str], state: ServiceState) -> ServiceAreaResponse:
    """Tell whether a ZIP is served; 200 also when it is not."""
    five = five_digits(zip_code.strip())
    if five is None:
        message = "must be a ZIP code: 12345 or 12345-6789"
        raise InvalidInputError(
            [FieldFault(field="zip_code", code="not_a_zip_code", message=message)]
        )
    book = state.book
    zone = book.zone_of(five)
    return ServiceAreaResponse(
        zip_code=five,
        served=zone is not None,
        zone=zone,
        surcharge_cents=area_surcharge_cents(five, book) if zone else 0,
    )

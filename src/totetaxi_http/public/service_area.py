"""Do we serve this ZIP code?"""

import attrs
from litestar import get
from litestar.params import FromPath

from totetaxi_core.geography.zip_code import five_digits
from totetaxi_core.price_book import PriceBook
from totetaxi_core.pricing.area_surcharge import area_surcharge_cents
from totetaxi_core.refusal import FieldFault, InvalidInputError
from totetaxi_http.dependencies import Wired
from totetaxi_http.openapi import problems


@attrs.frozen(kw_only=True)
class ServiceAreaResponse:
    """`surcharge_cents` is what one address there adds to a price."""

    zip_code: str
    served: bool
    zone: str | None
    surcharge_cents: int


@get("/service-area/{zip_code:str}", responses=problems(codes=("invalid",)), sync_to_thread=False)
def service_area(zip_code: FromPath[str], book: Wired[PriceBook]) -> ServiceAreaResponse:
    """Tell whether a ZIP is served; 200 also when it is not."""
    five = five_digits(zip_code.strip())
    if five is None:
        message = "must be a ZIP code: 12345 or 12345-6789"
        raise InvalidInputError(
            [FieldFault(field="zip_code", code="not_a_zip_code", message=message)]
        )
    zone = book.zone_of(five)
    return ServiceAreaResponse(
        zip_code=five,
        served=zone is not None,
        zone=zone,
        surcharge_cents=area_surcharge_cents(five, book) if zone else 0,
    )

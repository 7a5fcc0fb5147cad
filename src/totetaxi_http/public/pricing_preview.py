"""What would it cost?"""

from litestar import get, post
from litestar.params import JSONBody

from totetaxi_core.pricing.preview_price import preview_price
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.contradictions import with_rule_faults
from totetaxi_http.schemas.fault_names import faults_as_sent
from totetaxi_http.schemas.preview import PreviewBody, PreviewQuery, PreviewResponse
from totetaxi_http.wire.query import FromQueryClass, query_of

CODES = ("invalid", "outside_service_area", "discount_unavailable", "database_unavailable")


@get(
    "/pricing-preview",
    dependencies={"asked": query_of(PreviewQuery)},
    responses=problems(codes=CODES),
)
async def preview_by_query(
    asked: FromQueryClass[PreviewQuery], state: ServiceState
) -> PreviewResponse:
    """Price a request given as a query; see the POST for what the answer means."""
    return await _preview(asked, state)


@post("/pricing-preview", status_code=200, responses=problems(codes=CODES))
async def preview_by_body(data: JSONBody[PreviewBody], state: ServiceState) -> PreviewResponse:
    """Price a request, for any date and amount.

    `bookable` and `refusal_codes` tell what schedule and charge limits would refuse; crews are not
    looked at. A booking that brings the `quote_token` pays this price until `expires_at`.
    """
    return await _preview(data, state)


async def _preview(asked: PreviewQuery | PreviewBody, state: ServiceState) -> PreviewResponse:
    with with_rule_faults(asked, state):
        request = asked.request()
    with faults_as_sent(asked):
        preview = await preview_price(
            request,
            state.book,
            state.ports,
            state.terms,
            email=asked.email,
        )
    return PreviewResponse.from_preview(preview)

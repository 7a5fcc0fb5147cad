"""What a customer's own spending shows."""

from typing import Any

from litestar import Request, get

from totetaxi_core.customers.analytics import analyze_customer
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.customer_analytics import CustomerAnalyticsResponse


@get("/analytics", security=SECURITY, responses=problems(codes=REFUSALS))
async def own_analytics(
    request: Request[Any, Any, Any], state: ServiceState
) -> CustomerAnalyticsResponse:
    """Show what was spent, month by month, and what is missing to be a VIP."""
    customer_id = customer_caller(request).customer.id
    analytics = await analyze_customer(customer_id, state.ports, state.terms)
    return CustomerAnalyticsResponse.from_analytics(analytics)

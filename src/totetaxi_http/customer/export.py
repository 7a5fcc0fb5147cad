"""One's own data, as a file."""

from typing import Any, Final

from litestar import Request, get
from litestar.datastructures import ResponseHeader

from totetaxi_core.customers.export_account import export_account
from totetaxi_http.customer.guard import REFUSALS, SECURITY, customer_caller
from totetaxi_http.dependencies import ServiceState
from totetaxi_http.openapi import problems
from totetaxi_http.schemas.account_export import AccountExportResponse
from totetaxi_http.wire.response import WireResponse

DISPOSITION: Final = 'attachment; filename="totetaxi-account.json"'
AS_FILE: Final = ResponseHeader(
    name="Content-Disposition", documentation_only=True, description=f"`{DISPOSITION}`."
)


@get(
    "/export",
    opt={"rate_limit": "lookup"},
    response_headers=(AS_FILE,),
    security=SECURITY,
    responses=problems(codes=REFUSALS),
)
async def account_export(
    request: Request[Any, Any, Any], state: ServiceState
) -> WireResponse[AccountExportResponse]:
    """Take your data away, as one JSON file: what you gave us and what came of it, no secret in it.

    Notes that staff keep are not in it.
    """
    export = await export_account(customer_caller(request).customer.id, state.ports)
    return WireResponse(
        AccountExportResponse.from_export(export), headers={"Content-Disposition": DISPOSITION}
    )

"""A booking as its guest sees it, by manage token."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Self

import attrs

from totetaxi_core.logistics.courier_task import CourierTaskStatus
from totetaxi_core.logistics.follow_booking import FollowedBooking
from totetaxi_http.schemas.booking import CONFIRMED, BookingResponse
from totetaxi_http.schemas.delivery import DeliveryLegResponse, DeliveryProofResponse


@attrs.frozen(kw_only=True)
class ManagedBookingResponse(BookingResponse):
    """The whole booking, and how far its drive is.

    `courier_status` is null unless it is to be driven or was; `tracking_url` shows where the driver
    is, once the courier has the drive. `legs` say the same of each leg.
    """

    EXAMPLE: ClassVar[Mapping[str, object]] = {
        **CONFIRMED,
        "started_at": None,
        "completed_at": None,
        "courier_status": "assigned",
        "tracking_url": "https://onf.lt/7be01c4d9a",
        "legs": [DeliveryLegResponse.EXAMPLE],
        "proof_of_delivery": [],
    }

    started_at: datetime | None
    completed_at: datetime | None
    courier_status: CourierTaskStatus | None
    tracking_url: str | None
    legs: tuple[DeliveryLegResponse, ...]
    proof_of_delivery: tuple[DeliveryProofResponse, ...]

    @classmethod
    def from_followed(cls, followed: FollowedBooking, *, public_url: str) -> Self:
        booking, courier, legs, proof = followed
        folder_url = f"{public_url}/api/public/manage/documents"
        told = BookingResponse.from_booking(booking)
        return cls(
            **attrs.asdict(told, recurse=False),
            started_at=booking.started_at,
            completed_at=booking.completed_at,
            courier_status=courier.status,
            tracking_url=courier.tracking_url,
            legs=tuple(map(DeliveryLegResponse.of, legs)),
            proof_of_delivery=tuple(
                DeliveryProofResponse.of(one, folder_url=folder_url) for one in proof
            ),
        )

"""Requests as customers send them: every service, half a year of dates, the whole service area."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from totetaxi_core import PriceBook, QuoteRequest, ServiceType, SpecialtyChoice

NOW: Final = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TODAY: Final = date(2026, 11, 23)
HORIZON_DAYS: Final = 180
SEED: Final = 2026
# Out of ten customers: six move, two send things, one has a house organized, one flies.
SERVICES: Final = (
    *(ServiceType.MINI_MOVE,) * 6,
    *(ServiceType.STANDARD_DELIVERY,) * 2,
    ServiceType.ORGANIZING_ONLY,
    ServiceType.BLADE_DELIVERY,
)


class RequestMix:
    """Draws requests, the same ones every time."""

    def __init__(self, book: PriceBook) -> None:
        self._book = book
        self._random = Random(SEED)
        self._zips = sorted(zip_code for zone in book.service_area for zip_code in book.zones[zone])

    def distinct(self, count: int) -> list[QuoteRequest]:
        """Return so many requests, no two alike."""
        drawn: dict[QuoteRequest, None] = {}
        while len(drawn) < count:
            drawn[self._draw()] = None
        return list(drawn)

    def _draw(self) -> QuoteRequest:
        service = self._random.choice(SERVICES)
        pickup_date = TODAY + timedelta(days=self._random.randint(2, HORIZON_DAYS))
        minutes = self._random.choice(range(0, 301, 15))
        pickup_time = time(7 + minutes // 60, minutes % 60)
        pickup_zip, delivery_zip = self._random.sample(self._zips, 2)
        match service:
            case ServiceType.MINI_MOVE:
                return self._mini_move(pickup_date, pickup_time, pickup_zip, delivery_zip)
            case ServiceType.STANDARD_DELIVERY:
                return self._delivery(pickup_date, pickup_time, pickup_zip, delivery_zip)
            case ServiceType.ORGANIZING_ONLY:
                return self._organizing(pickup_date, pickup_time, pickup_zip)
            case ServiceType.BLADE_DELIVERY:
                return self._flight(pickup_date, pickup_time, pickup_zip, delivery_zip)

    def _mini_move(
        self, pickup_date: date, pickup_time: time, pickup_zip: str, delivery_zip: str
    ) -> QuoteRequest:
        packing = [service for service in self._book.organizing_services if service.is_packing]
        organizing = (self._random.choice(packing).id,) if self._chance(0.25) else ()
        return QuoteRequest(
            service_type=ServiceType.MINI_MOVE,
            pickup_date=pickup_date,
            pickup_time=pickup_time,
            pickup_zip=pickup_zip,
            delivery_zip=delivery_zip,
            mini_move_package_id=self._random.choice(self._book.mini_move_packages).id,
            organizing_service_ids=organizing,
            specialty_items=self._specialty(),
            include_packing=self._chance(0.2),
            include_unpacking=self._chance(0.2),
            coi_required=self._chance(0.3),
        )

    def _delivery(
        self, pickup_date: date, pickup_time: time, pickup_zip: str, delivery_zip: str
    ) -> QuoteRequest:
        return QuoteRequest(
            service_type=ServiceType.STANDARD_DELIVERY,
            pickup_date=pickup_date,
            pickup_time=pickup_time,
            pickup_zip=pickup_zip,
            delivery_zip=delivery_zip,
            item_count=self._random.randint(1, 12),
            specialty_items=self._specialty(),
            same_day=self._chance(0.2),
        )

    def _organizing(self, pickup_date: date, pickup_time: time, pickup_zip: str) -> QuoteRequest:
        return QuoteRequest(
            service_type=ServiceType.ORGANIZING_ONLY,
            pickup_date=pickup_date,
            pickup_time=pickup_time,
            pickup_zip=pickup_zip,
            organizing_service_ids=(self._random.choice(self._book.organizing_services).id,),
        )

    def _flight(
        self, pickup_date: date, pickup_time: time, pickup_zip: str, delivery_zip: str
    ) -> QuoteRequest:
        return QuoteRequest(
            service_type=ServiceType.BLADE_DELIVERY,
            pickup_date=pickup_date,
            pickup_time=pickup_time,
            pickup_zip=pickup_zip,
            delivery_zip=delivery_zip,
            blade_service_id=self._random.choice(self._book.blade_services).id,
            total_weight_lb=self._random.randint(20, 400),
        )

    def _specialty(self) -> tuple[SpecialtyChoice, ...]:
        if not self._chance(0.3):
            return ()
        item = self._random.choice(self._book.specialty_items)
        return (SpecialtyChoice(id=item.id, quantity=self._random.randint(1, 2)),)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

"""Everything stored, on PostgreSQL: tables, repositories, the unit of work, migrations."""

from totetaxi_adapters.postgres.engine import open_engine
from totetaxi_adapters.postgres.heartbeats import Heartbeats
from totetaxi_adapters.postgres.rate_limit import PostgresRateLimiter
from totetaxi_adapters.postgres.unit_of_work import PostgresUnitOfWork

__all__ = ["Heartbeats", "PostgresRateLimiter", "PostgresUnitOfWork", "open_engine"]

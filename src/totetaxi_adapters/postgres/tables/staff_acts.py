"""What members of staff did. A trigger refuses all but adding, and erasing what is personal.

No foreign keys: an act is recorded last, and would wait there for whoever has the row it names.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA

staff_acts = Table(
    "staff_acts",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("staff_name", Text, nullable=False),
    Column("action_type", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("booking_id", Uuid),
    Column("created_at", INSTANT, nullable=False),
    Column("staff_id", Uuid),
    Column("customer_id", Uuid),
    Column("subject", Text),
    Column("is_refused", Boolean, nullable=False),
    Column("channel", Text),
    Column("ip_address", Text),
    Column("user_agent", Text, nullable=False),
    Column("before", JSONB(none_as_null=True)),
    Column("after", JSONB(none_as_null=True)),
    Column("position", BigInteger, nullable=False, unique=True, autoincrement=False),
    Column("salt", Text),
    Column("values_digest", Text, nullable=False),
    Column("previous_digest", Text, nullable=False),
    Column("digest", Text, nullable=False),
    CheckConstraint("position >= 1", name="position"),
    Index(None, "booking_id", "created_at", "id"),
    Index(
        "ix_staff_acts_customer_id_position",
        "customer_id",
        "position",
        postgresql_where=text("customer_id IS NOT NULL"),
    ),
)
Index(
    "ix_staff_acts_staff_name_position",
    func.lower(staff_acts.c.staff_name),
    staff_acts.c.position,
)

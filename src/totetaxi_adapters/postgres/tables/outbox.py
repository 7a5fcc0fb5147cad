"""What is owed to the world, and the messages kept."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from totetaxi_adapters.postgres.tables.bookings import bookings
from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_core.notifications.message import UNFINISHED, Channel, MessageState
from totetaxi_core.outbox.owed_effect import EffectState

# As the index has it: a statement that says the same finds by it.
IN_UNFINISHED = f"state IN ({', '.join(repr(str(state)) for state in UNFINISHED)})"

# `deferred_at` is when the effect last got a job; `job_id` is the job the sweep gave it.
# `origin` tells of the request that owed it: `totetaxi_adapters.origin`.
owed_effects = Table(
    "owed_effects",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False, unique=True),
    Column("payload", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("due_at", INSTANT, nullable=False),
    Column("leased_until", INSTANT),
    Column("done_at", INSTANT),
    Column("last_error", Text),
    Column("deferred_at", INSTANT),
    Column("job_id", BigInteger),
    Column("origin", JSONB(none_as_null=True)),
    one_of("state", EffectState),
    CheckConstraint("attempts >= 0", name="attempts"),
    CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_at"),
    Index(None, "state", "due_at", postgresql_where=text("state <> 'done'")),
)

messages = Table(
    "messages",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("booking_id", Uuid, ForeignKey(bookings.c.id)),
    Column("kind", Text, nullable=False),
    Column("to", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("token_id", Uuid),
    Column("channel", Text, nullable=False, server_default=Channel.EMAIL),
    Column("state", Text, nullable=False, server_default=MessageState.KEPT),
    Column("provider_id", Text),
    Column("last_error", Text),
    Column("sent_at", INSTANT),
    Column("calendar", JSONB),
    one_of("channel", Channel),
    one_of("state", MessageState),
    Index("ix_messages_created_at_id", "created_at", "id"),
    Index("ix_messages_kind_created_at_id", "kind", "created_at", "id"),
    Index(
        "ix_messages_unfinished",
        "state",
        "created_at",
        "id",
        postgresql_where=text(IN_UNFINISHED),
    ),
    Index(
        "ix_messages_provider_id",
        "provider_id",
        postgresql_where=text("provider_id IS NOT NULL"),
    ),
)
Index("ix_messages_to_created_at_id", func.lower(messages.c.to), "created_at", "id")
Index(
    "ix_messages_booking_id",
    messages.c.booking_id,
    postgresql_where=messages.c.booking_id.is_not(None),
)

# Without case; `id` is that of the message that was refused. No foreign keys: a booking is never
# removed, and this is forgotten with its person.
refused_addresses = Table(
    "refused_addresses",
    METADATA,
    Column("channel", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("reason", Text, nullable=False),
    Column("booking_id", Uuid),
    Column("refused_at", INSTANT, nullable=False),
    one_of("channel", Channel),
    Index("ix_refused_addresses_refused_at_id", "refused_at", "id"),
    Index(
        "ix_refused_addresses_booking_id",
        "booking_id",
        postgresql_where=text("booking_id IS NOT NULL"),
    ),
)

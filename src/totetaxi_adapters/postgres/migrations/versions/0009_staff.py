"""Members of staff, logins, and the chain of staff acts, with the acts there are chained."""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
BATCH = 1_000
INSTANT = sa.DateTime(timezone=True)
SEARCHED = ("guest_email", "guest_first_name", "guest_last_name")
LATER = ("is_refused", "user_agent", "position", "values_digest", "previous_digest", "digest")
COLUMNS: Mapping[str, type[sa.types.TypeEngine[Any]]] = {
    "staff_id": sa.Uuid,
    "customer_id": sa.Uuid,
    "subject": sa.Text,
    "is_refused": sa.Boolean,
    "channel": sa.Text,
    "ip_address": sa.Text,
    "user_agent": sa.Text,
    "before": JSONB,
    "after": JSONB,
    "position": sa.BigInteger,
    "salt": sa.Text,
    "values_digest": sa.Text,
    "previous_digest": sa.Text,
    "digest": sa.Text,
}
OLDEST_FIRST = (
    "SELECT id, staff_name, action_type, description, booking_id, created_at FROM staff_acts"
    " WHERE position IS NULL ORDER BY created_at, id LIMIT :batch"
)
LINK = (
    "UPDATE staff_acts SET is_refused = false, user_agent = '', position = :position,"
    " salt = :salt, values_digest = :values_digest, previous_digest = :previous_digest,"
    " digest = :digest WHERE id = :id"
)
KEEP = """
    CREATE FUNCTION refuse_staff_act_change() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        blank CONSTANT jsonb := '{"description": "", "ip_address": null, "user_agent": "",
            "before": null, "after": null, "salt": null}';
    BEGIN
        IF TG_OP = 'UPDATE' AND to_jsonb(NEW) = to_jsonb(OLD) || blank THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'what staff did is never changed; its personal values can be erased'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'staff_acts_append_only';
    END;
    $$;
    CREATE TRIGGER staff_acts_append_only BEFORE UPDATE OR DELETE ON staff_acts
        FOR EACH ROW EXECUTE FUNCTION refuse_staff_act_change();
    CREATE TRIGGER staff_acts_never_truncated BEFORE TRUNCATE ON staff_acts
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_staff_act_change();
"""


def upgrade() -> None:
    _create_accounts()
    # No act may be recorded between those that are chained here.
    op.execute("LOCK TABLE staff_acts IN ACCESS EXCLUSIVE MODE")
    op.drop_constraint("fk_staff_acts_booking_id", "staff_acts")
    for name, kind in COLUMNS.items():
        op.add_column("staff_acts", sa.Column(name, kind))
    _chain(op.get_bind())
    for name in LATER:
        op.alter_column("staff_acts", name, nullable=False)
    op.create_unique_constraint("uq_staff_acts_position", "staff_acts", ["position"])
    op.create_check_constraint(op.f("ck_staff_acts_position"), "staff_acts", "position >= 1")
    of_one: list[str | sa.TextClause] = [sa.text("lower(staff_name)"), "position"]
    op.create_index("ix_staff_acts_staff_name_position", "staff_acts", of_one)
    op.execute(KEEP)
    op.create_index("ix_bookings_guest_phone", "bookings", ["guest_phone"])
    for name in SEARCHED:
        how = sa.text(f"lower({name}) text_pattern_ops")
        op.create_index(f"ix_bookings_{name}_search", "bookings", [how])


def downgrade() -> None:
    for table in ("staff_accounts", "staff_acts"):
        op.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        if op.get_bind().exec_driver_sql(f"SELECT 1 FROM {table} LIMIT 1").first():  # noqa: S608
            raise CommandError(f"{table} has rows, which this would lose")
    for name in SEARCHED:
        op.drop_index(f"ix_bookings_{name}_search", "bookings")
    op.drop_index("ix_bookings_guest_phone", "bookings")
    op.execute("DROP TRIGGER staff_acts_append_only ON staff_acts")
    op.execute("DROP TRIGGER staff_acts_never_truncated ON staff_acts")
    op.execute("DROP FUNCTION refuse_staff_act_change()")
    for name in COLUMNS:
        op.drop_column("staff_acts", name)
    op.create_foreign_key(
        "fk_staff_acts_booking_id", "staff_acts", "bookings", ["booking_id"], ["id"]
    )
    op.drop_table("sessions")
    op.drop_table("staff_accounts")


def _create_accounts() -> None:
    op.create_table(
        "staff_accounts",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("last_name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("flags", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("hire_date", sa.Date, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("is_active", sa.Boolean, nullable=False),
        sa.Column("token_version", sa.Integer, nullable=False),
        sa.Column("failed_logins", sa.Integer, nullable=False),
        sa.Column("locked_until", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_staff_accounts"),
        sa.CheckConstraint(
            "role IN ('customer_service', 'operations', 'logistics', 'finance', 'admin')",
            name=op.f("ck_staff_accounts_role"),
        ),
        sa.CheckConstraint("failed_logins >= 0", name=op.f("ck_staff_accounts_failed_logins")),
    )
    op.create_index(
        "uq_staff_accounts_username", "staff_accounts", [sa.text("lower(username)")], unique=True
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("account_id", sa.Uuid, nullable=False),
        sa.Column("account_version", sa.Integer, nullable=False),
        sa.Column("refresh_hash", sa.Text, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.CheckConstraint("audience IN ('staff', 'customer')", name=op.f("ck_sessions_audience")),
    )
    op.create_index("ix_sessions_account_id_expires_at", "sessions", ["account_id", "expires_at"])


def _chain(connection: sa.Connection) -> None:
    position, previous = 0, GENESIS
    while rows := connection.execute(sa.text(OLDEST_FIRST), {"batch": BATCH}).all():
        for row in rows:
            position, salt = position + 1, secrets.token_hex(16)
            values_digest = _digest(salt, [row.description, None, "", None, None])
            digest = _digest(previous, [*_facts(row), values_digest])
            link = {
                "id": row.id,
                "position": position,
                "salt": salt,
                "values_digest": values_digest,
                "previous_digest": previous,
                "digest": digest,
            }
            connection.execute(sa.text(LINK), link)
            previous = digest


def _facts(row: sa.Row[tuple[object, ...]]) -> list[object]:
    return [
        str(row.id),
        row.staff_name,
        row.action_type,
        None if row.booking_id is None else str(row.booking_id),
        row.created_at.astimezone(UTC).isoformat(),
        None,
        None,
        None,
        False,
        None,
    ]


def _digest(prefix: str, facts: list[object]) -> str:
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(f"{prefix}\n{text}".encode()).hexdigest()

"""Schedules that staff make; when the crews' day of a booking ends, and pickups at any hour."""

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError
from sqlalchemy.dialects import postgresql

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
HOLDERS = ("bookings", "reschedules")
BEFORE_THE_END = "pickup_time < crew_day_ends_at"
HOURS = "pickup_time BETWEEN '07:00' AND '12:00'"
KEPT = f"""
    SELECT FROM schedules
    UNION ALL SELECT FROM bookings WHERE NOT {HOURS} OR crew_day_ends_at <> '20:00'
    UNION ALL SELECT FROM reschedules WHERE crew_day_ends_at <> '20:00'
"""  # noqa: S608  our own names
REFUSE = """
CREATE FUNCTION refuse_schedule_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a schedule is never changed'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'schedules_immutable';
END
$$
"""


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("document", postgresql.JSONB, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_schedules"),
        sa.CheckConstraint("version >= 1", name=op.f("ck_schedules_version")),
    )
    op.execute(REFUSE)
    op.execute(
        "CREATE TRIGGER schedules_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON schedules"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_schedule_change()"
    )
    for holder in HOLDERS:
        # A constant default: no row is written anew, however many there are.
        ends_at = sa.Column("crew_day_ends_at", sa.Time, nullable=False, server_default="20:00")
        op.add_column(holder, ends_at)
    op.drop_constraint(op.f("ck_bookings_pickup_time"), "bookings")
    op.create_check_constraint(op.f("ck_bookings_pickup_time"), "bookings", BEFORE_THE_END)


def downgrade() -> None:
    op.execute("LOCK TABLE schedules, bookings, reschedules IN ACCESS EXCLUSIVE MODE")
    if op.get_bind().exec_driver_sql(f"SELECT EXISTS ({KEPT})").scalar_one():
        raise CommandError("staff have changed the schedule, which this would lose")
    op.drop_constraint(op.f("ck_bookings_pickup_time"), "bookings")
    op.create_check_constraint(op.f("ck_bookings_pickup_time"), "bookings", HOURS)
    for holder in HOLDERS:
        op.drop_column(holder, "crew_day_ends_at")
    op.drop_table("schedules")
    op.execute("DROP FUNCTION refuse_schedule_change()")

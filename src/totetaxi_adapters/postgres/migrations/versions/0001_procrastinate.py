"""The job queue's own tables.

procrastinate ships its schema's history as files that never change, one a step. Here are those
up to LAST, that of procrastinate 3.10. When a later procrastinate brings more files, a new
revision executes those after LAST up to its own; this one stays as it is, so that an old
database and a new one go through the same steps.

One thing is done otherwise: its two enumerations get all their values when they are made. Before
version 17, PostgreSQL uses no value in the transaction that added it.
"""

import re
from importlib import resources
from typing import Final

from alembic import op

from totetaxi_adapters.postgres.migrations.sql_file import execute_file

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"

CREATED: Final = re.compile(r"CREATE TYPE (\w+) AS ENUM \(.*?\);", re.DOTALL)
ADDED: Final = re.compile(r"ALTER TYPE \w+ ADD VALUE [^;]+;")
VALUES: Final = {
    "procrastinate_job_status": "todo doing succeeded failed cancelled aborting aborted",
    "procrastinate_job_event_type": "deferred started deferred_for_retry failed succeeded cancelled"
    " abort_requested aborted scheduled retried",
}


def upgrade() -> None:
    steps = resources.files("procrastinate").joinpath("sql/migrations")
    names = sorted(step.name for step in steps.iterdir() if step.name.endswith(".sql"))
    for name in names[: names.index(LAST) + 1]:
        statements = steps.joinpath(name).read_text("utf-8")
        execute_file(op.get_bind(), ADDED.sub("", CREATED.sub(_with_all_values, statements)))


def _with_all_values(created: re.Match[str]) -> str:
    values = ", ".join(f"'{value}'" for value in VALUES[created[1]].split())
    return f"CREATE TYPE {created[1]} AS ENUM ({values});"


def downgrade() -> None:
    # Jobs carry only ids of owed effects, and these are gone already: nothing is lost.
    op.execute(
        """
        DO $$
        DECLARE
            part record;
        BEGIN
            DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs,
                procrastinate_workers CASCADE;
            FOR part IN SELECT oid::regprocedure AS name FROM pg_proc
                WHERE proname LIKE 'procrastinate\\_%'
                    AND pronamespace = current_schema()::regnamespace
            LOOP
                EXECUTE 'DROP FUNCTION ' || part.name;
            END LOOP;
            DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status,
                procrastinate_job_event_type;
        END $$;
        """
    )

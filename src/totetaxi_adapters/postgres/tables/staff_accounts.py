"""Members of staff, and the logins of all accounts."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    func,
)

from totetaxi_adapters.postgres.tables.metadata import INSTANT, METADATA, one_of
from totetaxi_core.accounts.access_token import Audience
from totetaxi_core.staff.role import Role

staff_accounts = Table(
    "staff_accounts",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("username", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("first_name", Text, nullable=False),
    Column("last_name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("flags", ARRAY(Text), nullable=False),
    Column("hire_date", Date, nullable=False),
    Column("phone", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("updated_at", INSTANT, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("token_version", Integer, nullable=False),
    one_of("role", Role),
)
Index("uq_staff_accounts_username", func.lower(staff_accounts.c.username), unique=True)

# Wrong passwords, by the hash of the username, whether anybody has it or not.
login_tries = Table(
    "login_tries",
    METADATA,
    Column("name_key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_failed_at", INSTANT, nullable=False),
    Column("locked_until", INSTANT),
    CheckConstraint("failures >= 0", name="failures"),
    Index(None, "last_failed_at"),
)

# `account_id` is a member of staff or a customer: the audience tells.
sessions = Table(
    "sessions",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("audience", Text, nullable=False),
    Column("account_id", Uuid, nullable=False),
    Column("account_version", Integer, nullable=False),
    Column("refresh_hash", Text, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("expires_at", INSTANT, nullable=False),
    Column("ended_at", INSTANT),
    one_of("audience", Audience),
    Index(None, "account_id", "expires_at"),
)

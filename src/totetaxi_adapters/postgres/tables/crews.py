"""Crews by date and half hour."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    UniqueConstraint,
)

from totetaxi_adapters.postgres.tables.metadata import METADATA

# A date somebody has touched, with its number of crews.
crew_dates = Table(
    "crew_dates",
    METADATA,
    Column("on_date", Date, primary_key=True),
    Column("crews", SmallInteger, nullable=False),
    UniqueConstraint("on_date", "crews"),
    CheckConstraint("crews >= 0", name="crews"),
)

# The foreign key over both columns keeps one number of crews for all half hours of a date, and
# carries a new number to them; the check then refuses one below what is taken.
crew_half_hours = Table(
    "crew_half_hours",
    METADATA,
    Column("on_date", Date, nullable=False),
    Column("half_hour", SmallInteger, nullable=False),
    Column("taken", SmallInteger, nullable=False),
    Column("crews", SmallInteger, nullable=False),
    PrimaryKeyConstraint("on_date", "half_hour"),
    ForeignKeyConstraint(
        ["on_date", "crews"], [crew_dates.c.on_date, crew_dates.c.crews], onupdate="CASCADE"
    ),
    CheckConstraint("half_hour BETWEEN 0 AND 47", name="half_hour"),
    CheckConstraint("taken BETWEEN 0 AND crews", name="taken"),
)

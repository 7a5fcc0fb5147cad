"""What a person says on the command line about a move: its price, its places, its guest."""

from dataclasses import dataclass, field
from typing import Annotated

import typer

PACKAGE = "--package"
ORGANIZING = "--organizing"
ITEM = "--item"
BLADE = "--blade"

_SERVICE = "Service"
_EXTRAS = "Extras"
_WHEN_AND_WHERE = "When and where"
_ADDRESSES = "Addresses"
_GUEST = "Guest"
_BOOKING = "Booking"


@dataclass(frozen=True, kw_only=True)
class ChoiceOptions:
    """What was chosen of the catalog."""

    service: Annotated[
        str | None,
        typer.Option(
            "--service",
            help="mini_move, standard_delivery, organizing_only or blade_delivery.",
            rich_help_panel=_SERVICE,
        ),
    ] = None
    package: Annotated[
        str | None,
        typer.Option(
            PACKAGE,
            metavar="SLUG",
            help="Mini move package, by slug or id.",
            rich_help_panel=_SERVICE,
        ),
    ] = None
    organizing: Annotated[
        list[str],
        typer.Option(
            ORGANIZING,
            metavar="SLUG",
            help="Organizing service; repeat for packing and unpacking.",
            rich_help_panel=_SERVICE,
        ),
    ] = field(default_factory=list)
    blade: Annotated[
        str | None,
        typer.Option(
            BLADE,
            metavar="SLUG",
            help="Helicopter service, by slug or id.",
            rich_help_panel=_SERVICE,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class PricingOptions(ChoiceOptions):
    """Everything a price depends on. What is missing or wrong is told as HTTP tells it."""

    item: Annotated[
        list[str],
        typer.Option(
            ITEM,
            metavar="SLUG[:QTY]",
            help="Specialty item and how many, 1 if not said; repeatable.",
            rich_help_panel=_SERVICE,
        ),
    ] = field(default_factory=list)
    item_count: Annotated[
        int | None,
        typer.Option("--item-count", help="Pieces in all.", rich_help_panel=_SERVICE),
    ] = None
    weight_lb: Annotated[
        int | None,
        typer.Option(
            "--weight-lb", help="Weight of the bags, in pounds.", rich_help_panel=_SERVICE
        ),
    ] = None
    packing: Annotated[
        bool, typer.Option("--packing", help="Add packing.", rich_help_panel=_EXTRAS)
    ] = False
    unpacking: Annotated[
        bool, typer.Option("--unpacking", help="Add unpacking.", rich_help_panel=_EXTRAS)
    ] = False
    coi: Annotated[
        bool,
        typer.Option("--coi", help="Add a certificate of insurance.", rich_help_panel=_EXTRAS),
    ] = False
    same_day: Annotated[
        bool,
        typer.Option(
            "--same-day", help="Deliver on the day of the pickup.", rich_help_panel=_EXTRAS
        ),
    ] = False
    code: Annotated[
        str | None, typer.Option("--code", help="Discount code.", rich_help_panel=_EXTRAS)
    ] = None
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="YYYY-MM-DD",
            help="Date of the pickup, in New York.",
            rich_help_panel=_WHEN_AND_WHERE,
        ),
    ] = None
    time: Annotated[
        str | None,
        typer.Option(
            "--time", metavar="HH:MM", help="Time of the pickup.", rich_help_panel=_WHEN_AND_WHERE
        ),
    ] = None
    from_zip: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="ZIP", help="Where we call.", rich_help_panel=_WHEN_AND_WHERE
        ),
    ] = None
    to_zip: Annotated[
        str | None,
        typer.Option("--to", metavar="ZIP", help="Where it goes.", rich_help_panel=_WHEN_AND_WHERE),
    ] = None
    email: Annotated[
        str | None,
        typer.Option(
            "--email", help="Guest's e-mail address; some codes ask.", rich_help_panel=_GUEST
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class BookingOptions(PricingOptions):
    """The same with both addresses, the guest and what a booking may ask for besides."""

    from_line_1: Annotated[
        str | None,
        typer.Option("--from-line-1", help="Street of the pickup.", rich_help_panel=_ADDRESSES),
    ] = None
    from_line_2: Annotated[
        str | None,
        typer.Option("--from-line-2", help="Apartment or floor.", rich_help_panel=_ADDRESSES),
    ] = None
    from_city: Annotated[str | None, typer.Option("--from-city", rich_help_panel=_ADDRESSES)] = None
    from_state: Annotated[
        str | None,
        typer.Option("--from-state", help="Two letters.", rich_help_panel=_ADDRESSES),
    ] = None
    from_instructions: Annotated[
        str | None,
        typer.Option(
            "--from-instructions", help="For the driver who calls.", rich_help_panel=_ADDRESSES
        ),
    ] = None
    to_line_1: Annotated[
        str | None,
        typer.Option("--to-line-1", help="Street of the delivery.", rich_help_panel=_ADDRESSES),
    ] = None
    to_line_2: Annotated[
        str | None,
        typer.Option("--to-line-2", help="Apartment or floor.", rich_help_panel=_ADDRESSES),
    ] = None
    to_city: Annotated[str | None, typer.Option("--to-city", rich_help_panel=_ADDRESSES)] = None
    to_state: Annotated[
        str | None, typer.Option("--to-state", help="Two letters.", rich_help_panel=_ADDRESSES)
    ] = None
    to_instructions: Annotated[
        str | None,
        typer.Option(
            "--to-instructions", help="For the driver who delivers.", rich_help_panel=_ADDRESSES
        ),
    ] = None
    first_name: Annotated[str | None, typer.Option("--first-name", rich_help_panel=_GUEST)] = None
    last_name: Annotated[str | None, typer.Option("--last-name", rich_help_panel=_GUEST)] = None
    phone: Annotated[
        str | None,
        typer.Option("--phone", help="Such as +12125550123.", rich_help_panel=_GUEST),
    ] = None
    item_description: Annotated[
        str | None,
        typer.Option(
            "--item-description",
            help="What the items are; needed with --item-count.",
            rich_help_panel=_BOOKING,
        ),
    ] = None
    instructions: Annotated[
        str | None,
        typer.Option("--instructions", help="Anything else.", rich_help_panel=_BOOKING),
    ] = None
    quote_token: Annotated[
        str | None,
        typer.Option(
            "--quote-token", help="Pays the price of that quote.", rich_help_panel=_BOOKING
        ),
    ] = None
    expected_total_cents: Annotated[
        int | None,
        typer.Option(
            "--expected-total-cents",
            help="Refuse when the total is another.",
            rich_help_panel=_BOOKING,
        ),
    ] = None
    allow_duplicate: Annotated[
        bool,
        typer.Option(
            "--allow-duplicate",
            help="Book though the same cart is booked already.",
            rich_help_panel=_BOOKING,
        ),
    ] = False
    no_intent: Annotated[
        bool,
        typer.Option("--no-intent", help="Begin no payment yet.", rich_help_panel=_BOOKING),
    ] = False

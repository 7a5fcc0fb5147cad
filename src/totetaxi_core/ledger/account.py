"""The accounts our money is booked to."""

from enum import StrEnum


class Account(StrEnum):
    """A debit adds to `stripe`, `cash`, `discounts`, `refunds` and `dispute_losses`.

    A credit adds to the rest.

    Source: docs/payments.md, "Ledger".
    """

    STRIPE = "stripe"  # money at Stripe, an asset
    CASH = "cash"  # money handed to us by the customer, an asset
    REVENUE = "revenue"  # before discounts, without tax
    DISCOUNTS = "discounts"
    TAX = "tax_payable"
    REFUNDS = "refunds"  # revenue given back, without its tax
    CUSTOMER_MONEY = "customer_money"  # came twice and goes back: never ours
    DISPUTE_LOSSES = "dispute_losses"

"""Payments: intents, their confirmation, and Stripe's webhook."""

"""Rehearsals: what a price book would have made of bookings that were made under others."""

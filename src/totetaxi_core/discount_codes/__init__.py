"""Discount codes in staff's hands: made, limited, paused, and who used them."""

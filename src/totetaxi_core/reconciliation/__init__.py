"""Our records held against the payment provider's: what differs, and what mends it."""

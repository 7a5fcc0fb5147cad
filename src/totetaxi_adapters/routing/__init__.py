"""Planning the crews' routes, and showing them."""

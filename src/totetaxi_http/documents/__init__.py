"""Files in and out, for every audience."""

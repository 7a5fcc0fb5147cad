"""What the courier service asks and tells us."""

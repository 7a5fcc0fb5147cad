"""What those who carry our messages tell us."""

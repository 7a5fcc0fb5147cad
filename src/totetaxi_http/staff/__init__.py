"""What members of staff call."""

"""What customers do in their own account."""

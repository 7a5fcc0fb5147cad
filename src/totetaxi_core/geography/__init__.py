"""Where things are: ZIP codes, points, distances, addresses."""

"""Local servers that behave as our providers do, for demos, development and tests."""

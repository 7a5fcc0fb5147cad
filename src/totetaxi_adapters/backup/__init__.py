"""A whole database in one file, and back. Rules: docs/operations.md, "Backups"."""

"""How fast it is, each figure against its limit in the same run. See docs/performance.md."""

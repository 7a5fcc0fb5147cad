"""The whole application on a simulated clock: whatever may happen to it, drawn from a seed.

docs/simulation.md tells how to run it, how to read what it finds, and how to add to it.
"""

"""Measurements: how fast and how large. Run one with `python -m bench.NAME`."""

"""How fast audiogen is, measured against what one would write without it: `python -m benchmarks`."""

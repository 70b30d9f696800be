"""How good the matching is, on cases that people have judged. `python -m benchmarks.quality` measures."""

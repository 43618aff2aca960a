"""Benchmarks: production functions against peers, in one run, as ratios."""

"""Plein's tests, in tiers by what they need. See docs/testing.md."""

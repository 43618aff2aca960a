"""Pairs of files: what a network sends, and what Plein makes of it."""

"""The documentation, against what it is about."""

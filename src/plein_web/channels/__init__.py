"""Channels, sources and the addressed posts they bring; everything that leaves."""

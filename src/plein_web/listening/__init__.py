"""Watches and what they overheard: mentions without names, kept for a short while."""

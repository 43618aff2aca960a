"""The approval of watches: what was proposed, what was advised, what was decided."""

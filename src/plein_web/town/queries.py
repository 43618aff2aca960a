"""Which rows of the hall."""

from __future__ import annotations

from plein_web.town.models import Event, Town


def newest_event(town: Town) -> int:
    """Return the newest event of a town (0: none yet), so that a page can ask for what came after it."""
    return Event.objects.filter(town=town).order_by("-id").values_list("id", flat=True).first() or 0

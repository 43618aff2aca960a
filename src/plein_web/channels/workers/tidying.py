"""Throw away what was only kept for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from plein_web.channels.models import Gone, Unread

# How long input that nobody could read is kept for a colleague to look at.
KEEP_UNREAD = timedelta(days=14)


def tidy(now: datetime) -> int:
    """Delete what has had its time; returns how many rows went."""
    unread, _ = Unread.objects.filter(last_at__lt=now - KEEP_UNREAD).delete()
    gone, _ = Gone.objects.filter(until__lt=now).delete()
    return unread + gone


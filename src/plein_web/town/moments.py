"""Moments as people say them: "di 10.15", "Vandaag", "2 minuten geleden".

The words are translated here and not taken from Django, so that the pseudo-locale test sees
them and a Dutch colon never slips into a Dutch time.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

WEEK = timedelta(days=6)


def clock(at: datetime) -> str:
    """Return the time of day: 14.15 in Dutch, 14:15 in English."""
    at = timezone.localtime(at)
    # Translators: hour and minute, as a clock shows them.
    return _("%(hour)d:%(minute)02d") % {"hour": at.hour, "minute": at.minute}


def milliseconds(at: datetime | None) -> int:
    """Return a moment as a page's script counts it; 0 for none.

    >>> from datetime import UTC
    >>> milliseconds(datetime(1970, 1, 1, 0, 1, tzinfo=UTC)), milliseconds(None)
    (60000, 0)
    """
    return int(at.timestamp() * 1000) if at else 0


def day_clock(at: datetime, now: datetime) -> str:
    """Return day and time, as short as they are clear: di 10.15, 3 mrt 10.15, 3 mrt 2025."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    if abs(today.date() - local.date()) <= WEEK:
        return _("%(day)s %(time)s") % {"day": _short_days()[local.weekday()], "time": clock(at)}
    if local.year == today.year:
        return _("%(day)s %(time)s") % {"day": _day_month(local, _short_months()), "time": clock(at)}
    return f"{_day_month(local, _short_months())} {local.year}"


def in_words(at: datetime, now: datetime) -> str:
    """Return a moment in a sentence: dinsdag 10.15 uur, dinsdag 3 maart 10.15 uur."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    day = _days()[local.weekday()]
    if abs(today.date() - local.date()) > WEEK:
        day = _("%(weekday)s %(day)s") % {"weekday": day, "day": _day_month(local, _months())}
    if local.year != today.year:
        day = f"{day} {local.year}"
    # Translators: a day, and the time of day, in a sentence.
    return _("%(day)s at %(time)s") % {"day": day, "time": clock(at)}


def day_title(day: date, today: date) -> str:
    """Return the heading of a day: Vandaag, Gisteren, Dinsdag 24 november."""
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    named = _("%(weekday)s %(day)s") % {"weekday": _days()[day.weekday()], "day": _day_month(day, _months())}
    if day.year != today.year:
        named = f"{named} {day.year}"
    return named[:1].upper() + named[1:]


def day_short(day: date) -> str:
    """Return a day of these weeks where there is little room: di 24."""
    return f"{_short_days()[day.weekday()]} {day.day}"


def day_inside(day: date, today: date) -> str:
    """Return a day in the middle of a sentence: 24 november, 3 maart 2027."""
    named = _day_month(day, _months())
    return named if day.year == today.year else f"{named} {day.year}"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago something was, in one unit; after a day the moment itself."""
    seconds = max(0, int((now - at).total_seconds()))
    if seconds < 5:
        return _("just now")
    if seconds < 60:
        return ngettext("%(n)d second ago", "%(n)d seconds ago", seconds) % {"n": seconds}
    if seconds < 3600:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", seconds // 60) % {"n": seconds // 60}
    if seconds < 86400:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", seconds // 3600) % {"n": seconds // 3600}
    return day_clock(at, now)


def span(seconds: float) -> str:
    """Return a stretch of time in one unit: 40 minuten, 3 uur, 2 dagen."""
    seconds = max(0, int(seconds))
    if seconds < 5400:
        return ngettext("%(n)d minute", "%(n)d minutes", seconds // 60) % {"n": seconds // 60}
    if seconds < 2 * 86400:
        return ngettext("%(n)d hour", "%(n)d hours", seconds // 3600) % {"n": seconds // 3600}
    return ngettext("%(n)d day", "%(n)d days", seconds // 86400) % {"n": seconds // 86400}


def _day_month(day: date, months: list[str]) -> str:
    # Translators: day of the month and the month's name.
    return _("%(day)d %(month)s") % {"day": day.day, "month": months[day.month - 1]}


def _days() -> list[str]:
    return [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]


def _short_days() -> list[str]:
    return [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def _months() -> list[str]:
    return [
        _("January"),
        _("February"),
        _("March"),
        _("April"),
        pgettext("month", "May"),
        _("June"),
        _("July"),
        _("August"),
        _("September"),
        _("October"),
        _("November"),
        _("December"),
    ]


def _short_months() -> list[str]:
    return [
        _("Jan"),
        _("Feb"),
        _("Mar"),
        _("Apr"),
        pgettext("short month", "May"),
        _("Jun"),
        _("Jul"),
        _("Aug"),
        _("Sep"),
        _("Oct"),
        _("Nov"),
        _("Dec"),
    ]

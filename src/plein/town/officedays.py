"""The days on which a Dutch town hall is open: Monday to Friday, without the public holidays."""

from __future__ import annotations

from datetime import date, timedelta

MONDAY, SATURDAY, SUNDAY = 0, 5, 6


def is_office_day(day: date) -> bool:
    """Whether a town hall works on a day. Good Friday and Liberation Day are for each to decide: they count as open.

    >>> is_office_day(date(2026, 4, 3)), is_office_day(date(2026, 4, 6)), is_office_day(date(2026, 4, 27))
    (True, False, False)
    """
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def is_first_of_week(day: date) -> bool:
    """Whether a day is the first office day of its week.

    >>> is_first_of_week(date(2026, 4, 7)), is_first_of_week(date(2026, 4, 8))
    (True, False)
    """
    before = (day - timedelta(days=back) for back in range(1, day.weekday() + 1))
    return is_office_day(day) and not any(map(is_office_day, before))


def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year."""
    easter = easter_of(year)
    kings = date(year, 4, 27)
    moving = (easter + timedelta(days=days) for days in (1, 39, 50))
    fixed = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
    return frozenset([*fixed, *moving, kings - timedelta(days=kings.weekday() == SUNDAY)])


def easter_of(year: int) -> date:
    """Return Easter Sunday (the anonymous Gregorian computus, Nature 1876).

    >>> easter_of(2026).isoformat()
    '2026-04-05'
    """
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)

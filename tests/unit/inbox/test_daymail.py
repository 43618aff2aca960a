"""When the mail of the day is due, and what is worth a line in it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plein.inbox.daymail import HOURS, Day, Heard, Trouble, due_on, worth_a_mail
from plein.town.officedays import easter_of, is_first_of_week, is_office_day

TUESDAY = date(2026, 3, 3)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "due"),
    [(at(TUESDAY, 7, 59), None), (at(TUESDAY, 8), TUESDAY), (at(TUESDAY, 17, 59), TUESDAY), (at(TUESDAY, 18), None)],
)
def test_it_is_due_from_its_hour_until_the_office_closes(moment, due):
    assert due_on(moment, 8) == due


@pytest.mark.parametrize(
    "closed",
    ["2026-03-07", "2026-03-08", "2026-01-01", "2026-04-06", "2026-04-27", "2026-05-14", "2026-05-25", "2026-12-25"],
)
def test_there_is_no_mail_when_the_town_hall_is_closed(closed):
    assert due_on(at(date.fromisoformat(closed), 9), 8) is None


def test_the_kings_birthday_on_a_sunday_is_kept_the_day_before():
    assert not is_office_day(date(2025, 4, 26)) and is_office_day(date(2025, 4, 28))


@pytest.mark.parametrize(("year", "easter"), [(2019, "2019-04-21"), (2024, "2024-03-31"), (2038, "2038-04-25")])
def test_easter(year, easter):
    assert easter_of(year).isoformat() == easter


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_every_week_with_an_office_day_has_one_first(day):
    week = [day + timedelta(days=number - day.weekday()) for number in range(7)]
    assert sum(map(is_first_of_week, week)) == any(map(is_office_day, week))


@given(
    st.integers(0, 365 * 24 - 1).map(lambda hours: at(date(2026, 1, 1), 0) + timedelta(hours=hours)),
    st.sampled_from(HOURS),
)
def test_it_is_only_ever_due_for_today(moment, hour):
    assert due_on(moment, hour) in (None, moment.date())


def test_without_news_there_is_no_mail_but_once_a_week_a_line():
    assert worth_a_mail(Day(), TUESDAY) is None
    assert worth_a_mail(Day(), TUESDAY - timedelta(days=1)) == Day(quiet=True)


@pytest.mark.parametrize(
    "day",
    [
        Day(waiting=1, longest=60.0),
        Day(came=2),
        Day(heard=(Heard(1, "Brug", 3),)),
        Day(troubles=(Trouble("token", "x"),)),
    ],
)
def test_anything_that_happened_is_worth_a_mail(day):
    assert worth_a_mail(day, TUESDAY) == day


def test_a_wall_of_news_is_cut_to_what_matters_most():
    heard = tuple(Heard(number, f"Watch {number}", number) for number in range(30))
    told = worth_a_mail(Day(heard=heard, troubles=tuple(Trouble("source", str(n)) for n in range(30))), TUESDAY)
    assert [one.count for one in told.heard] == [29, 28, 27, 26, 25] and len(told.troubles) == 5

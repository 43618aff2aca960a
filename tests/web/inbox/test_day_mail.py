"""The mail of the day: once, for who wants it, without anybody's name, whatever ends the process."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from plein_web.channels.models import Channel
from plein_web.inbox.daymail import mailing
from plein_web.inbox.daymail.choosing import choose_day_mail
from plein_web.inbox.daymail.mailing import send_day_mail
from plein_web.inbox.models import DayMail, DayMailSent
from plein_web.town.models import Membership
from tests import factories
from tests.web.listening.conftest import fresh_watches, watch_row  # noqa: F401

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 3, 3, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def wish(femke, waterdam) -> DayMail:
    """Femke gets the mail of Waterdam, in English."""
    femke.language = "en"
    femke.save()
    return choose_day_mail(actor=factories.actor(femke, waterdam), on=True, hour=8)


@pytest.fixture
def waiting(waterdam):
    """Somebody waits for two days."""
    return factories.conversation(waterdam, waiting_since=TUESDAY - 2 * DAY, status="open")


def test_who_waits_is_told_with_how_long_and_where(wish, waiting):
    assert send_day_mail(TUESDAY) == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["femke.visser@waterdam.example"], "Waterdam: 1 waits")
    assert "1 conversation waits for an answer, for 2 days." in sent.body
    assert "/waterdam/inbox/" in sent.body and "/waterdam/digest/" in sent.body


def test_no_resident_stands_in_the_mail(wish, waiting, waterdam):
    made = factories.post(waterdam, text="Mijn bsn is 123456782", author_name="Joke Terpstra", arrived_at=TUESDAY)
    send_day_mail(TUESDAY)
    told = mail.outbox[0].subject + mail.outbox[0].body + mail.outbox[0].alternatives[0][0]
    for word in ("Joke", "Terpstra", "joke", "bsn", "123456782", "glas", made.uri):
        assert word not in told


def test_nothing_in_it_tells_that_it_was_opened(wish, waiting):
    send_day_mail(TUESDAY)
    shown = mail.outbox[0].alternatives[0][0]
    assert not re.search(r"<img|<link|<script|url\(|@import|\?", shown)
    assert mail.outbox[0].extra_headers["Auto-Submitted"] == "auto-generated"


def test_it_is_sent_once_a_day(wish, waiting):
    assert [send_day_mail(TUESDAY + timedelta(minutes=number)) for number in range(3)] == [1, 0, 0]
    assert send_day_mail(TUESDAY + DAY) == 1


@pytest.mark.parametrize("moment", ["gather", "mail_for", "_settle"])
def test_killed_at_any_moment_it_is_never_sent_twice(moment, wish, waiting, monkeypatch):
    def die(*_all, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(mailing, moment, die)
        with pytest.raises(KeyboardInterrupt):
            send_day_mail(TUESDAY)
    send_day_mail(TUESDAY)
    assert len(mail.outbox) <= 1 and DayMailSent.objects.count() == 1


def test_a_mail_server_that_is_away_is_tried_again(wish, waiting, monkeypatch):
    class Away:
        def open(self):
            raise ConnectionRefusedError("away")

    with monkeypatch.context() as patched:
        patched.setattr(mailing, "get_connection", lambda **_named: Away())
        assert send_day_mail(TUESDAY) == 0
    assert not DayMailSent.objects.exists()
    assert send_day_mail(TUESDAY) == 1


def test_what_broke_off_while_it_was_sent_is_not_repeated(wish, waiting, monkeypatch):
    def broken(self, fail_silently=False):
        raise SMTPServerDisconnected("gone")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMultiAlternatives.send", broken)
        assert send_day_mail(TUESDAY) == 0
    assert (DayMailSent.objects.get().outcome, DayMailSent.objects.get().words) == ("failed", "gone")
    assert send_day_mail(TUESDAY) == 0


def test_a_day_without_news_has_no_mail_and_monday_says_so_in_a_line(wish):
    assert send_day_mail(TUESDAY) == 0
    assert send_day_mail(TUESDAY - DAY) == 1
    assert mail.outbox[0].subject == "Waterdam: all quiet"


def test_not_before_its_hour_and_not_for_who_wants_none(wish, waiting):
    assert send_day_mail(TUESDAY - timedelta(hours=1)) == 0
    DayMail.objects.update(on=False)
    assert send_day_mail(TUESDAY) == 0


def test_who_left_the_town_gets_no_mail_of_it(wish, waiting, femke):
    Membership.objects.filter(person=femke).delete()
    assert send_day_mail(TUESDAY) == 0 and not mail.outbox


def test_what_was_overheard_is_counted_a_watch_and_what_failed_is_named(wish, waterdam, brug_heard):
    Channel.objects.filter(pk=factories.channel(waterdam, name="Bluesky van Waterdam").pk).update(
        status="sign_in_needed"
    )
    factories.source(
        waterdam,
        network_code="feed",
        kind="feed",
        address="https://krant.example/rss",
        failures=9,
        last_ok_at=TUESDAY - 3 * DAY,
    )
    send_day_mail(TUESDAY)
    body = mail.outbox[0].body
    assert "Overheard: 2 messages on Sluisbrug." in body and f"/listening/{brug_heard.pk}/" in body
    assert "Something is wrong with the channel Bluesky van Waterdam." in body
    assert "We no longer hear https://krant.example/rss." in body


@pytest.fixture
def brug_heard(waterdam):
    """A watch that overheard two messages, with words that are nobody's business in a mailbox."""
    from plein_web.listening.models import Mention

    watch = watch_row(waterdam, "sluisbrug")
    for number in range(2):
        Mention.objects.create(
            town=waterdam,
            watch=watch,
            period="2026-03",
            uri_hash=str(number),
            network_code="memory",
            author="a",
            locator="x",
            text="De sluisbrug is dicht",
            phrase="sluisbrug",
            posted_at=TUESDAY,
            version_at=TUESDAY,
            heard_at=TUESDAY,
            search="",
        )
    return watch


def test_the_mail_is_in_its_readers_language(wish, waiting, femke):
    femke.language = "nl"
    femke.save()
    send_day_mail(TUESDAY)
    assert "wacht" in mail.outbox[0].subject and "waits" not in mail.outbox[0].body


def test_the_choice_is_made_on_the_page_of_the_digest(sign_in, femke, waterdam):
    client = sign_in(femke)
    assert 'name="hour"' in client.get("/waterdam/digest/").content.decode()
    client.post("/waterdam/digest/mail/", {"on": "on", "hour": "9"})
    assert DayMail.objects.values_list("on", "hour").get() == (True, 9)
    client.post("/waterdam/digest/mail/", {"hour": "9"})
    assert not DayMail.objects.get().on
    client.post("/waterdam/digest/mail/", {"on": "on", "hour": "3"})
    assert DayMail.objects.get().hour == 9


def test_a_stranger_chooses_nothing(sign_in, daan, waterdam):
    assert sign_in(daan).post("/waterdam/digest/mail/", {"on": "on", "hour": "9"}).status_code == 404
    assert not DayMail.objects.exists()


def test_who_may_not_read_the_inbox_has_no_mail_of_it(waterdam):
    person = factories.person("p@waterdam.example", "P", waterdam="data_protection_officer")
    with pytest.raises(PermissionDenied):
        choose_day_mail(actor=factories.actor(person, waterdam), on=True, hour=8)

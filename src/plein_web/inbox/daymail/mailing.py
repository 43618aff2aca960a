"""Send the mail of the day, once: its row is written first, whatever ends the process after that."""

from __future__ import annotations

import logging
from datetime import date, datetime
from smtplib import SMTPException

from django.core.exceptions import PermissionDenied
from django.core.mail import get_connection
from django.db import transaction
from django.http import Http404
from django.utils import timezone, translation

from plein.inbox.daymail import due_on, worth_a_mail
from plein_web.inbox.daymail.gathering import gather
from plein_web.inbox.daymail.wording import mail_for
from plein_web.inbox.models import DayMail, DayMailSent
from plein_web.town.access import Actor, actor_for

log = logging.getLogger("plein.mail")
SECONDS = 15


def send_day_mail(now: datetime) -> int:
    """Send everybody's mail of the day that is due; returns how many left."""
    local = timezone.localtime(now)
    wishes = DayMail.objects.filter(on=True, person__is_active=True).exclude(sent__day=local.date())
    found = wishes.select_related("person", "town").order_by("pk")
    due = [(wish, day) for wish in found if (day := due_on(local, wish.hour))]
    return sum(_send(wish, day, now) for wish, day in due)


def _send(wish: DayMail, day: date, now: datetime) -> int:
    actor = _reader(wish)
    if actor is None:
        return 0
    connection = get_connection(timeout=SECONDS)
    try:
        # Before anything is promised: a server that is away costs no mail, only a minute.
        connection.open()
    except (OSError, SMTPException) as error:
        log.warning("no mail server: %s", error)
        return 0
    claim = _claim(wish, day, now)
    return _sent(claim, actor, now, connection) if claim else 0


def _reader(wish: DayMail) -> Actor | None:
    """Return who the mail is for; None for who may not look in the inbox any more."""
    try:
        return actor_for(wish.person, wish.town.slug)
    except (Http404, PermissionDenied):
        return None


def _claim(wish: DayMail, day: date, now: datetime) -> DayMailSent | None:
    """Return the row of this day if it is ours to send."""
    with transaction.atomic():
        row, made = DayMailSent.objects.get_or_create(wish=wish, day=day, defaults={"claimed_at": now})
    return row if made else None


def _sent(claim: DayMailSent, actor: Actor, now: datetime, connection) -> int:
    worth = worth_a_mail(gather(actor, claim.wish, now), claim.day)
    if worth is None:
        return _settle(claim, DayMailSent.Outcome.NOTHING)
    try:
        with translation.override(actor.person.language):
            mail_for(actor, worth, connection).send()
    except (OSError, SMTPException) as error:
        # It may have left all the same. A day without this mail is better than two of it.
        log.warning("the mail of the day failed: %s", error)
        return _settle(claim, DayMailSent.Outcome.FAILED, str(error)[:500])
    finally:
        connection.close()
    return _settle(claim, DayMailSent.Outcome.SENT)


def _settle(claim: DayMailSent, outcome: DayMailSent.Outcome, words: str = "") -> int:
    DayMailSent.objects.filter(pk=claim.pk).update(outcome=outcome, words=words)
    return int(outcome is DayMailSent.Outcome.SENT)

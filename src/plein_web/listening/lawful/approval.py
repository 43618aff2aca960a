"""What a page shows of the approval of a watch, and what is said after asking for it."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from plein.listening.lawful.purposes import ALL_PURPOSES
from plein.town.roles import Right
from plein.town.saying import told
from plein_web.listening.lawful.asking import is_waiting, newest, waiting
from plein_web.listening.lawful.deciding import may_decide
from plein_web.listening.lawful.links import approval_link, can_mail, mail_link
from plein_web.listening.lawful.models import Advice, Terms
from plein_web.listening.lawful.words import ROLES
from plein_web.listening.models import Watch
from plein_web.town.access import Actor


@dataclass(frozen=True, slots=True)
class About:
    """Who approved a watch, what waits, and what whoever looks may do about it."""

    purpose: str
    waits: Terms | None
    refused: Terms | None
    advice: tuple[tuple[str, Advice], ...]
    link: str
    mails: bool
    may_decide: bool
    may_advise: bool


def about(actor: Actor, watch: Watch) -> About:
    """Return what the page of a watch says of its approval."""
    last = newest(watch)
    waits = last if last and is_waiting(last) else None
    writes = actor.may(Right.WRITE, "listening")
    return About(
        purpose=purpose_of(watch.purpose_code),
        waits=waits,
        refused=last if last and last.approved is False else None,
        advice=advice_on(last),
        link=approval_link(waits) if waits and writes else "",
        mails=can_mail(),
        may_decide=bool(waits) and may_decide(actor, waits),
        may_advise=bool(waits) and actor.may(Right.WRITE, "advice"),
    )


def advice_on(terms: Terms | None) -> tuple[tuple[str, Advice], ...]:
    """Return what officers advised on a version, oldest first, each with the name of the role."""
    rows = terms.advice.select_related("person").order_by("id") if terms else ()
    return tuple((str(ROLES.get(one.role, one.role)), one) for one in rows)


def purpose_of(code: str) -> str:
    """Return what a watch is for, in words."""
    return told(ALL_PURPOSES[code].name, _) if code in ALL_PURPOSES else code


def tell_asked(request: HttpRequest, watch: Watch) -> None:
    """Say what happens now that a watch was made or changed; mail the approver where mail is configured."""
    waits = waiting(watch)
    if waits is None:
        messages.success(request, _("Changed. From now on we search like this."))
    elif can_mail() and mail_link(waits):
        words = _("We have mailed %(name)s. We search when it is approved.")
        messages.success(request, words % {"name": waits.approver_name})
    else:
        words = _("Kept. Send %(name)s the link below: we search when it is approved.")
        messages.success(request, words % {"name": waits.approver_name})

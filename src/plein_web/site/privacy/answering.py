"""Doing what a resident asked: one deed for each kind, and the outcome that it leads to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from plein.listening.answering import Kind, Outcome
from plein_web.listening.rights import actions
from plein_web.listening.rights import residents as listening
from plein_web.listening.rights.models import Request
from plein_web.site.privacy.holders import erase_all, resident_of
from plein_web.town.access import Actor
from plein_web.town.keeping import held


@transaction.atomic
def do_as_asked(*, actor: Actor, request: Request, now: datetime) -> Request:
    """Carry out a proven request and close it. To see what there is, is closed when the export was handed over."""
    return DEEDS[Kind(request.kind)](actor, request, now)


def _hand_over(actor: Actor, request: Request, now: datetime) -> Request:
    resident_of(request)
    return actions.close_request(actor=actor, request=request, outcome=Outcome.EXPORTED)


def _erase(actor: Actor, request: Request, now: datetime) -> Request:
    gone = erase_all(actor=actor, request=request, now=now)
    some = any(one.count or one.kept for one in gone)
    outcome = Outcome.ERASED if some else Outcome.NOTHING_FOUND
    return actions.close_request(actor=actor, request=request, outcome=outcome)


def _hear_no_more(actor: Actor, request: Request, now: datetime) -> Request:
    """Stop hearing, and erase what was overheard: keeping that would be going on."""
    actions.stop_hearing(actor=actor, request=request)
    gone = listening.erase(resident_of(request), now, held(actor.town, now))
    actions.note(actor, request, "request.erased", mentions=gone.count)
    return actions.close_request(actor=actor, request=request, outcome=Outcome.UNHEARD)


def _hear_again(actor: Actor, request: Request, now: datetime) -> Request:
    actions.hear_again(actor=actor, request=request)
    return actions.close_request(actor=actor, request=request, outcome=Outcome.HEARD_AGAIN)


DEEDS = {Kind.SEE: _hand_over, Kind.ERASE: _erase, Kind.OBJECT: _hear_no_more, Kind.HEAR_AGAIN: _hear_again}

"""The only way from a person to a request."""

from __future__ import annotations

from django.http import Http404

from plein.town.roles import Right
from plein_web.listening.rights.models import Request
from plein_web.town.access import Actor

ROOM = "requests"


def request_for(actor: Actor, pk: int) -> Request:
    """Return a request to the actor's town; for who may answer requests, and nobody else."""
    actor.need(Right.WRITE, ROOM)
    found = Request.objects.of(actor.town).select_related("opened_by", "closed_by", "town").filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found

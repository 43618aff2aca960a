"""The only way from a person to a watch or a mention."""

from __future__ import annotations

from django.http import Http404

from plein.town.roles import Right
from plein_web.listening.models import Mention, OwnName, Watch
from plein_web.town.access import Actor


def watch_for(actor: Actor, watch_id: int, right: Right = Right.READ) -> Watch:
    """Return a watch of the actor's town."""
    actor.need(right, "listening")
    watch = Watch.objects.of(actor.town).select_related("owner").filter(pk=watch_id).first()
    if watch is None:
        raise Http404(watch_id)
    return watch


def mention_for(actor: Actor, mention_id: int) -> Mention:
    """Return a mention of the actor's town."""
    actor.need(Right.READ, "listening")
    mention = Mention.objects.of(actor.town).select_related("watch").filter(pk=mention_id).first()
    if mention is None:
        raise Http404(mention_id)
    return mention


def name_for(actor: Actor, name_id: int) -> OwnName:
    """Return a name that the actor's town added, also one that it removed."""
    actor.need(Right.WRITE, "listening")
    own = OwnName.objects.filter(town=actor.town, pk=name_id).first()
    if own is None:
        raise Http404(name_id)
    return own

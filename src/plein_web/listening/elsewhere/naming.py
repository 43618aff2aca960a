"""What a place is called. A thread has no name of its own: its words are a resident's, and are read where they stand."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plein.channels.registry import network
from plein_web.channels.models import Source
from plein_web.listening.elsewhere.models import ConversationPlace


def name_of(place: ConversationPlace, sources: dict[int, Source] | None = None) -> str:
    """Return the name of a place: a hashtag, the address of a feed or community, or what kind of thread it is."""
    if place.kind == "hashtag":
        return f"#{place.key}"
    if place.kind == "thread":
        return _("A conversation on %(network)s") % {"network": _(network(place.network_code).name)}
    source = (sources or {}).get(int(place.key)) if place.key.isdecimal() else None
    return source.address if source else place.key

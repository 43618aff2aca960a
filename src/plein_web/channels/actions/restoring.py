"""After a backup was put back: believe nothing that may have changed since it was made."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from plein.channels.asking import DOUBTED
from plein.channels.outgoing import State
from plein.channels.registry import network
from plein_web.channels.models import Outgoing, Post, Source
from plein_web.town.actions import audit
from plein_web.town.models import Town


@transaction.atomic
def after_restore(now: datetime) -> dict[str, int]:
    """Make everything that was on its way unknown, and every post one to ask after.

    What was planned then may have been sent since: the network is asked first. What was there
    then may have been deleted since: the sources start again from their old cursors, and every
    post that its network can show is checked. Returns how many are asked after, of each.
    """
    ours = Outgoing.objects.filter(needs_person=False)
    ours.filter(state__in=[State.PLANNED, State.CLAIMED]).update(state=State.UNKNOWN, claimed_at=None)
    # Counted here, because on PostgreSQL the rows came back unknown already.
    unknown = ours.filter(state=State.UNKNOWN).update(ask_at=now)
    standing = Post.objects.filter(deleted_at=None, network_code__in=_networks_that_show_posts())
    posts = standing.update(check_at=DOUBTED)
    Source.objects.filter(active=True).update(due_at=now, failures=0)
    for town in Town.objects.all():
        audit(
            town=town,
            actor="restore",
            action="backup.restored",
            subject=f"town:{town.slug}",
            details={"at": now.isoformat()},
        )
    return {"to_ask": unknown, "to_check": posts}


def _networks_that_show_posts() -> list[str]:
    used = Post.objects.order_by().values_list("network_code", flat=True).distinct()
    return [code for code in used if network(code).abilities.shows_threads]

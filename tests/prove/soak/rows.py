"""The database of the run: python -m tests.prove.soak.rows fill|read HOME ...

In a process of its own: the settings of the run are those of an operator, not of a test.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

CONVERSATIONS = 2_000
WATCHES = 100


def fill(port: str, phrases: list[str]) -> dict:
    """Make a town that listens, with an inbox to look at; return the cookie of somebody who may."""
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client
    from django.utils import timezone

    from bench.posts import any_of
    from plein_web.channels.models import Source
    from plein_web.listening.models import Watch
    from tests import factories

    call_command("migrate", verbosity=0)
    town = factories.waterdam()
    channel = factories.channel(town, status="paused")
    for number in range(CONVERSATIONS):
        factories.conversation(town, channel=channel, texts=(f"Wanneer komt de straatlamp {number} terug?",))
    ends_at = timezone.now() + timedelta(days=30)
    for number in range(WATCHES):
        Watch.objects.create(
            town=town, name=f"Onderwerp {number}", query=any_of(phrases[number::WATCHES]), purpose="Proef",
            legal_ground="public_task", ends_at=ends_at, review_at=ends_at, approved_at=timezone.now(),
        )  # fmt: skip
    server = f"127.0.0.1:{port}"
    Source.objects.create(
        network_code="bluesky",
        kind="jetstream",
        address=f"ws://{server}/subscribe",
        settings={"dictionary": f"http://{server}/dictionary"},
    )
    client = Client()
    client.force_login(factories.femke(town))
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def read(kept: list[str]) -> dict:
    """Return what was lost, what is there twice or too much, and how the source fared."""
    from django.db.models import Count

    from plein.listening.hearing import Keys
    from plein_web.channels.models import Gap, Gone, Source, Unread
    from plein_web.listening.models import Mention
    from plein_web.town.actions import vault
    from plein_web.town.models import Event

    wanted = set(map(Keys(vault().derive).hash, kept))
    stored = list(Mention.objects.values_list("uri_hash", flat=True))
    source = Source.objects.get(kind="jetstream")
    return {
        "lost": len(wanted - set(stored)),
        "too_many": len(set(stored) - wanted),
        "double": len(stored) - len(set(stored)),
        "mentions": len(stored),
        "gone": Gone.objects.count(),
        "events": Event.objects.aggregate(n=Count("id"))["n"],
        "gaps": list(Gap.objects.values_list("words", flat=True)),
        "unread": Unread.objects.count(),
        "posts": source.posts,
        "error": source.error,
    }


if __name__ == "__main__":
    os.environ["PLEIN_HOME"] = sys.argv[2]
    os.environ.pop("DATABASE_URL", None)
    os.environ["DJANGO_SETTINGS_MODULE"] = "plein_web.site.settings"
    import django

    django.setup()
    if sys.argv[1] == "fill":
        print(json.dumps(fill(sys.argv[3], json.loads(Path(sys.argv[4]).read_text()))))
    else:
        print(json.dumps(read(json.loads(Path(sys.argv[3]).read_text())["kept"])))

"""The inbox: fifty rows of a hundred thousand conversations, and what the same page costs elsewhere.

In one process: our view against the same output by Django's template engine and model rows with
`select_related`. Then through the real server: how long a reader waits.
"""

from __future__ import annotations

import gc
import http.client
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

CONVERSATIONS = 100_000
ROUNDS = 150
ASKED = 400
LEAST_RATIO = 2.5
WORDS = "de brug kade straat dicht wanneer lantaarn afval markt zwembad bus fiets school park lawaai subsidie".split()
STATES = ("open", "open", "waiting", "done", "done")


def main(many: int = CONVERSATIONS) -> bool:
    """Measure, print, and return whether our view was fast enough."""
    with tempfile.TemporaryDirectory(prefix="plein-bench-") as folder:
        os.environ.update(PLEIN_HOME=folder, DJANGO_SETTINGS_MODULE="plein_web.site.settings")
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        person = fill(many)
        ratio = in_process(person)
        through_server(folder, person)
    return ratio >= LEAST_RATIO


def in_process(person) -> float:
    """Print what our view and the peer's cost; return how many times faster ours is."""
    from django.utils import translation

    with translation.override("nl"):
        ours, peer = our_view(person), peer_view(person)
        same(ours(), peer())
        seconds = alternately(ours, peer)
    ratio = seconds[1] / seconds[0]
    print(
        f"inbox view, 50 rows of {_count():,} conversations: ours {seconds[0] * 1000:.2f} ms, "
        f"Django templates and model rows {seconds[1] * 1000:.2f} ms: {ratio:.1f} times faster (at least {LEAST_RATIO})"
    )
    return ratio


def alternately(*views: Callable[[], str]) -> list[float]:
    """Return the median seconds of work of each view, taken in turns so that a busy moment hits them all."""
    for view in views:
        for _ in range(10):
            view()
    taken: list[list[float]] = [[] for _ in views]
    gc.collect()
    for _ in range(ROUNDS):
        for view, times in zip(views, taken, strict=True):
            began = time.process_time()
            view()
            times.append(time.process_time() - began)
    return [statistics.median(times) for times in taken]


def our_view(person) -> Callable[[], str]:
    """Return the production view, asked for the list of the inbox."""
    from plein_web.inbox.views import inbox

    return lambda: inbox(_request(person), "waterdam").content.decode()


def peer_view(person) -> Callable[[], str]:
    """Return the same page as one would write it with Django alone."""
    from django.template import Context, Engine

    from plein_web.inbox import listing
    from plein_web.inbox.hearing import hearing_now
    from plein_web.inbox.models import Conversation, Draft
    from plein_web.town.access import actor_for
    from plein_web.town.moments import day_title

    libraries = {name: f"django.templatetags.{name}" for name in ("i18n", "static", "tz")}
    template = Engine(dirs=[str(Path(__file__).parent)], libraries=libraries).get_template("inbox_peer.html")

    def view() -> str:
        from django.db.models import Exists, OuterRef, Subquery
        from django.utils import timezone

        from plein_web.channels.models import Outgoing

        request = _request(person)
        actor = actor_for(request.user, "waterdam")
        now = timezone.now()
        sent = Outgoing.objects.filter(answer__conversation=OuterRef("pk"), state__in=["refused", "unknown"])
        rows = Conversation.objects.filter(town=actor.town, status="open").select_related("assignee", "channel")
        drafts = Draft.objects.filter(conversation=OuterRef("pk"), person=actor.person).exclude(text="")
        rows = rows.annotate(trouble=Subquery(sent.order_by("-id").values("state")[:1]), draft=Exists(drafts))
        found = list(rows.order_by("-last_post_at", "-id")[:51])
        today = timezone.localdate(now)
        for row in found:
            row.day = day_title(timezone.localdate(row.last_post_at), today)
        context = {
            "town": actor.town,
            "person": actor.person,
            "hearing": hearing_now(actor, now),
            "tabs": listing._tabs(actor, "todo", "/waterdam/inbox/"),
            "rows": found[:50],
            "older": "/waterdam/inbox/"
            + listing._query("todo", "", before=f"{found[49].last_post_at.isoformat()}_{found[49].pk}"),
        }
        return template.render(Context(context))

    return view


def same(ours: str, peer: str) -> None:
    """Stop unless both views print the same, white space aside."""
    if _plain(ours) != _plain(peer):
        left, right = _plain(ours).split("\n"), _plain(peer).split("\n")
        other = next(((a, b) for a, b in zip(left, right, strict=False) if a != b), (left[-1], right[-1]))
        raise SystemExit(f"The two views differ:\n  ours {other[0]}\n  peer {other[1]}")


def _plain(html: str) -> str:
    """Return a page with one tag or text a line and no white space around it."""
    parts = re.split(r"(<[^>]*>)", html.replace("&#39;", "'").replace("&#x27;", "'").replace("&#34;", "&quot;"))
    # "12 seconds ago" moves on between two views, to "1 minute ago".
    told = (re.sub(r"\d+ (second|minu)\w* \w+", "a while ago", re.sub(r"\s+", " ", part)).strip() for part in parts)
    return "\n".join(part for part in told if part)


def through_server(folder: str, person) -> None:
    """Print how long a reader waits for the whole page, through the real server."""
    session = _session(person)
    with serving(folder) as port:
        times = []
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for number in range(ASKED + 20):
            began = time.perf_counter()
            connection.request("GET", "/waterdam/inbox/", headers={"Cookie": f"sessionid={session}"})
            answer = connection.getresponse()
            page = answer.read()
            if answer.status != 200:
                raise SystemExit(f"The server answered {answer.status}")
            if number >= 20:
                times.append((time.perf_counter() - began) * 1000)
    times.sort()
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    print(f"inbox page through the server: p50 {p50:.1f} ms, p99 {p99:.1f} ms ({len(page) / 1024:.0f} kB, one reader)")


@contextmanager
def serving(folder: str) -> Iterator[int]:
    """Start the web process on a folder and yield its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "import sys; from plein_web.site.cli import main; sys.exit(main(sys.argv[1:]))"
    process = subprocess.Popen(
        [sys.executable, "-c", program, "web", "--port", str(port)], env={**os.environ, "PLEIN_HOME": folder}
    )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def fill(many: int):
    """Fill a town with conversations of one post each; return who reads them."""
    from django.utils import timezone

    from plein_web.channels.models import Channel, Source
    from plein_web.town.models import Membership, Person, Town

    chance, now = random.Random(7), timezone.now()
    town = Town.objects.create(slug="waterdam", name="Waterdam", preset="ruim")
    people = [
        Person.objects.create_user(f"{n}@waterdam.example", name=name)
        for n, name in enumerate(("Sanne Bos", "Femke Visser"))
    ]
    for person in people:
        Membership.objects.create(person=person, town=town, role="administrator")
    channel = Channel.objects.create(
        town=town, network_code="memory", handle="waterdam", settings={"address": ":memory:"}
    )
    Source.objects.create(town=town, channel=channel, network_code="memory", kind="mentions", last_ok_at=now)
    for start in range(0, many, 5_000):
        _fill_some(town, channel, people, chance, now, range(start, min(many, start + 5_000)))
    return people[0]


def _fill_some(town, channel, people, chance: random.Random, now, numbers: range) -> None:
    from django.db import transaction

    from plein.town.words import search_line
    from plein_web.channels.models import Post
    from plein_web.inbox.models import Conversation, Entry

    posts, talks = [], []
    for number in numbers:
        text = " ".join(chance.choices(WORDS, k=28))
        at = now - timedelta(minutes=number // 2, seconds=number)
        common = {"town": town, "channel": channel, "network_code": "memory", "root_uri": f"memory:{number}"}
        name = f"Bewoner {chance.randrange(5_000)}"
        posts.append(
            Post(uri=f"memory:{number}", author_id=name, author_handle=name, author_name=name, text=text, posted_at=at,
                 version_at=at, search=search_line(town.pk, text, name), **common)
        )  # fmt: skip
        state = chance.choice(STATES)
        talks.append(
            Conversation(title=text[:80], resident=name, snippet=text[:160], status=state, posts=1, last_post_at=at,
                         unseen=int(state == "open"), private=chance.random() < 0.1, edited=chance.random() < 0.05,
                         waiting_since=at, assignee=chance.choice([None, *people]), **common)
        )  # fmt: skip
    with transaction.atomic():
        Post.objects.bulk_create(posts)
        Conversation.objects.bulk_create(talks)
        Entry.objects.bulk_create(Entry(conversation=talk, post=post) for talk, post in zip(talks, posts, strict=True))


def _request(person):
    from django.test import RequestFactory
    from django_htmx.middleware import HtmxDetails

    request = RequestFactory().get("/waterdam/inbox/", headers={"hx-request": "true", "hx-target": "list"})
    request.user, request.htmx = person, HtmxDetails(request)
    return request


def _session(person) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key


def _count() -> int:
    from plein_web.inbox.models import Conversation

    return Conversation.objects.count()


if __name__ == "__main__":
    sys.exit(0 if main(*map(int, sys.argv[1:])) else 1)

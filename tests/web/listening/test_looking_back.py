"""A new watch hears what was said the last days, and a town without a stream what is said now, by search."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import httpx
import pytest
from django.utils import timezone

from plein.channels.jetstream import decode, item_of
from plein.channels.posts import Batch
from plein_web.channels import clients
from plein_web.channels.models import Channel
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import LookBack, Mention
from plein_web.listening.searching.workers import MOST_PAGES, look_back
from plein_web.listening.standing import STANDING
from plein_web.town.actions import keep_secret
from tests import factories
from tests.unit.channels.wires import Wire

pytestmark = pytest.mark.django_db


class AppView(Wire):
    """Plays the documented app.bsky.feed.searchPosts: newest first, `since`, a cursor that counts, two a page."""

    def __init__(self) -> None:
        super().__init__(self.take)
        self.posts: list[dict] = []
        self.asked: list[dict[str, str]] = []
        self.broken: httpx.Response | None = None
        self.endless = False

    def says(self, number: int, text: str, age: timedelta = timedelta(hours=1), **author) -> str:
        at = (datetime.now(UTC) - age).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        uri = f"at://did:plc:jan/app.bsky.feed.post/3k{number}"
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": at, "langs": ["nl"]}
        who = {"did": "did:plc:jan", "handle": "jan.test", **author}
        self.posts.append({"uri": uri, "cid": f"b{number}", "author": who, "record": record, "indexedAt": at})
        return uri

    def take(self, request: httpx.Request) -> httpx.Response:
        if self.broken is not None:
            return self.broken
        asked = {name: value[0] for name, value in parse_qs(request.url.query.decode()).items()}
        self.asked.append(asked)
        found = [
            post
            for post in sorted(self.posts, key=lambda one: one["indexedAt"], reverse=True)
            if asked["q"].strip('"') in post["record"]["text"].lower() and post["indexedAt"] >= asked["since"]
        ]
        start = int(asked.get("cursor", 0))
        page = {"posts": found[start : start + 2], "hitsTotal": len(found)}
        more = start + 2 < len(found) or self.endless
        return httpx.Response(200, json=page | ({"cursor": str(start + 2)} if more else {}))


@pytest.fixture
def appview(monkeypatch) -> AppView:
    made = AppView()
    monkeypatch.setattr(clients, "door_for", lambda town: made)
    return made


@pytest.fixture
def account(waterdam) -> Channel:
    """The town's own account on Bluesky."""
    made = factories.channel(
        waterdam, network="bluesky", identity="did:plc:town", settings={"service": "https://pds.test"}
    )
    keep_secret(name=made.secret_name, values={"access": "a", "refresh": "r", "did": "did:plc:town"})
    return made


def rounds(number: int = 6, later: timedelta = timedelta()) -> None:
    for _ in range(number):
        look_back(timezone.now() + later)


def test_a_new_watch_hears_what_was_said_the_last_days(brug, account, appview):
    for number in range(5):
        appview.says(number, f"De sluisbrug staat weer open, dag {number}", timedelta(days=number))
    appview.says(9, "De sluisbrug van vorige maand", timedelta(days=30))
    rounds()
    assert Mention.objects.count() == 5
    assert LookBack.objects.get().reached is not None
    assert {asked["q"] for asked in appview.asked} == {"sluisbrug", '"brug dicht"'}


def test_what_the_stream_and_the_search_both_bring_is_one_mention(brug, account, appview):
    uri = appview.says(1, "De sluisbrug staat open")
    record = appview.posts[0]["record"]
    commit = {"operation": "create", "collection": "app.bsky.feed.post", "rkey": "3k1", "cid": "b1", "record": record}
    event = {
        "did": "did:plc:jan",
        "time_us": int(datetime.now(UTC).timestamp() * 1e6),
        "kind": "commit",
        "commit": commit,
    }
    source = factories.source(brug.town, network_code="bluesky", kind="jetstream")
    streamed = item_of(decode([httpx.Response(200, json=event).content])[0][0])
    assert streamed.uri == uri
    Ingestion(source).take_batch(Batch((streamed,)), STANDING.listener(brug.town_id), timezone.now())
    rounds()
    assert appview.asked and Mention.objects.count() == 1


def test_it_looks_back_once_while_the_stream_runs(brug, account, appview):
    source = factories.source(None, network_code="bluesky", kind="jetstream", last_ok_at=timezone.now())
    rounds()
    asked = len(appview.asked)
    later = timedelta(hours=1)
    type(source).objects.update(last_ok_at=timezone.now() + later)
    rounds(later=later)
    assert len(appview.asked) == asked


def test_while_the_stream_is_away_it_is_searched_again(brug, account, appview):
    factories.source(None, network_code="bluesky", kind="jetstream", last_ok_at=timezone.now())
    rounds()
    appview.says(1, "De sluisbrug staat open", timedelta(minutes=-20))
    rounds(later=timedelta(minutes=30))
    assert Mention.objects.count() == 1


def test_killed_after_the_rows_it_reads_the_page_again_and_nothing_is_double(brug, account, appview, monkeypatch):
    appview.says(1, "De sluisbrug staat open")
    with monkeypatch.context() as patched:
        patched.setattr("plein_web.listening.searching.workers._move_on", _die)
        with pytest.raises(KeyboardInterrupt):
            look_back(timezone.now())
    rounds()
    assert Mention.objects.count() == 1 and LookBack.objects.get().reached


def _die(*_all):
    raise KeyboardInterrupt


def test_a_search_that_stops_before_the_end_is_said(brug, account, appview):
    appview.endless = True
    rounds(MOST_PAGES + 2)
    assert "More was said" in LookBack.objects.get().words


def test_a_query_that_cannot_be_searched_for_is_said(brug, account, appview):
    type(brug).objects.update(query="sluis*")
    rounds(1)
    assert "cannot be searched" in LookBack.objects.get().words and not appview.asked


def test_trouble_waits_and_a_dead_sign_in_is_told(brug, account, appview):
    appview.broken = httpx.Response(502, text="Bad gateway")
    rounds(3)
    row = LookBack.objects.get()
    assert row.failures == 1 and row.due_at > timezone.now() and row.reached is None
    LookBack.objects.update(due_at=timezone.now())
    appview.broken = httpx.Response(401, json={"error": "AuthenticationRequired", "message": "Invalid"})
    rounds(1)
    account.refresh_from_db()
    assert account.status == "sign_in_needed"


def test_who_asked_strangers_to_stay_away_is_not_heard(brug, account, appview):
    appview.says(1, "De sluisbrug staat open", labels=[{"val": "!no-unauthenticated", "src": "did:plc:jan"}])
    rounds()
    assert not Mention.objects.exists()


def test_without_an_account_nothing_is_searched(brug, appview):
    rounds()
    assert not appview.asked and not LookBack.objects.exists()


def test_the_page_of_the_watch_says_how_far_back(brug, account, appview, sign_in, sanne):
    rounds()
    sanne.language = "en"
    sanne.save()
    assert "We also looked back on Bluesky" in sign_in(sanne).get(f"/waterdam/listening/{brug.pk}/").content.decode()

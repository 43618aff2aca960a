"""One post met on several servers, under several ids, as itself and as a boost: one mention, counted once."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations

import httpx
import pytest
from django.utils import timezone

from plein_web.channels import clients
from plein_web.channels.models import Channel, Source
from plein_web.listening.models import Mention
from plein_web.listening.workers import poll_sources
from plein_web.town.actions import keep_secret
from plein_web.town.models import Event
from tests import factories
from tests.unit.channels.wires import Wire

pytestmark = pytest.mark.django_db
URI = "https://home.example/users/joke/statuses/77"


def status(number: str, *, uri: str = URI, acct: str = "joke@home.example", **more) -> dict:
    """Return the post as one server shows it: the uri is the same everywhere, the id is not."""
    author = {"id": number, "acct": acct, "username": "joke", "url": "https://home.example/@joke", "display_name": "J"}
    made = {"id": number, "uri": uri, "url": uri, "account": author, "visibility": "public", "language": "nl"}
    posted = datetime.now(UTC).isoformat()
    return made | {"content": "<p>De sluisbrug staat open</p>", "created_at": posted, "tags": [{"name": "brug"}]} | more


def boost(number: str, inner: dict) -> dict:
    """Return what a list shows when somebody passes a post on."""
    return status(number, uri=f"https://b.example/{number}/activity", acct="kees", reblog=inner)


SHOWN = {
    "home.example": [status("77", acct="joke")],
    "a.example": [status("1500"), status("1499", uri=URI)],
    "b.example": [boost("9002", status("9001")), boost("9003", status("9001"))],
}


class Web(Wire):
    """Three servers; `closed` ones want an account of their own."""

    def __init__(self) -> None:
        super().__init__(self.take)
        self.closed: set[str] = set()
        self.tokens: dict[str, set[str]] = {}

    def take(self, request: httpx.Request) -> httpx.Response:
        host, token = request.url.host, request.headers.get("authorization", "")
        self.tokens.setdefault(host, set()).add(token)
        if host in self.closed and not token:
            return httpx.Response(422, json={"error": "This method requires an authenticated user"})
        return httpx.Response(200, json=SHOWN[host])


@pytest.fixture
def web(monkeypatch) -> Web:
    made = Web()
    monkeypatch.setattr(clients, "door_for", lambda town: made)
    return made


@pytest.fixture
def account(waterdam) -> Channel:
    """The town's own account, on b.example."""
    made = factories.channel(waterdam, network="mastodon", settings={"address": "b.example"})
    keep_secret(name=made.secret_name, values={"token": "t"})
    return made


def read(town, *routes: str, account: Channel) -> None:
    """Read the routes one after another, as their moments come."""
    for route in routes:
        kind, _, address = route.partition(":")
        reads_as = account if kind == "list" else None
        fields = {"network_code": "mastodon", "kind": kind, "address": address, "reads_as": reads_as}
        factories.source(town, due_at=timezone.now(), **fields)
        poll_sources(timezone.now())


ROUTES = ("hashtag:brug@home.example", "hashtag:brug@a.example", "list:12")


@pytest.mark.parametrize("order", list(permutations(ROUTES)), ids=lambda order: ">".join(one[-9:] for one in order))
def test_whatever_the_order_of_the_routes_it_is_one_mention(order, brug, web, account):
    read(brug.town, *order, account=account)
    assert Mention.objects.count() == 1
    assert [event.payload["count"] for event in Event.objects.filter(kind="mention.arrived")] == [1]


def test_who_boosts_is_not_the_author(brug, web, account):
    read(brug.town, "list:12", account=account)
    boosted = Mention.objects.get().author
    Mention.objects.all().delete()
    read(brug.town, "hashtag:brug@a.example", account=account)
    assert Mention.objects.get().author == boosted


def test_our_token_goes_to_our_own_server_alone(brug, web, account):
    read(brug.town, *ROUTES, account=account)
    assert web.tokens == {"home.example": {""}, "a.example": {""}, "b.example": {"Bearer t"}}


def test_a_server_that_shows_nothing_to_strangers_says_so_and_what_to_do(brug, web, account):
    web.closed.add("a.example")
    read(brug.town, "hashtag:brug@a.example", account=account)
    source = Source.objects.get()
    assert "account there" in source.error and source.failures == 1


def test_a_list_is_not_read_while_its_account_is_paused(brug, web, account):
    Channel.objects.update(status="paused")
    read(brug.town, "list:12", account=account)
    assert not web.requests


def test_a_token_that_died_on_a_list_is_told_at_the_channel(brug, web, account, monkeypatch):
    monkeypatch.setattr(
        web, "answer", lambda request: httpx.Response(401, json={"error": "The access token was revoked"})
    )
    read(brug.town, "list:12", account=account)
    account.refresh_from_db()
    assert account.status == "sign_in_needed"


def test_what_is_read_with_an_account_is_chosen_on_the_page(sign_in, sanne, account, waterdam):
    client = sign_in(sanne)
    answer = client.post("/waterdam/sources/", {"what": "mastodon:list", "address": "12"})
    assert answer.status_code == 200 and not Source.objects.exists()
    client.post("/waterdam/sources/", {"what": "mastodon:list", "address": "12", "account": account.pk})
    assert Source.objects.get().reads_as == account


def test_the_account_of_another_town_cannot_be_used(sign_in, sanne, account, oeverloo):
    given = {"what": "mastodon:list", "address": "12", "account": account.pk}
    sign_in(sanne).post("/oeverloo/sources/", given)
    assert not Source.objects.exists()

"""`/live`: who may listen, what they hear, and that many listeners cost little."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from django.conf import settings
from django.db import connection, connections

from plein_web.inbox import listing
from plein_web.site import live as module
from plein_web.site.asgi import application
from plein_web.town.actions import emit
from plein_web.town.models import Event, Membership, Person
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def in_a_loop_of_its_own(story: Callable[[], Awaitable[None]]) -> None:
    """Run a story in a fresh thread: a browser that was driven before keeps a loop in this one."""

    async def told() -> None:
        await story()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, told()).result()


@pytest.fixture
def towns(transactional_db):
    towns = factories.waterdam(), factories.oeverloo()
    factories.sanne(*towns)
    factories.femke(towns[0])
    yield towns
    # The watcher's thread ends at its next look; its connection would hold the test database.
    for thread in threading.enumerate():
        if thread.name == "live":
            thread.join(2)


@pytest.fixture(autouse=True)
def fresh_door(monkeypatch):
    """Threads of our own: those of the test before may remember another database."""
    with ThreadPoolExecutor(2) as door:
        monkeypatch.setattr(module, "_door", door)
        yield


@pytest.fixture
def session(client, towns) -> Callable[[str], str]:
    def session(who: str) -> str:
        client.force_login(Person.objects.get(email__startswith=who))
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    return session


class Ear:
    """A browser that listens to `/live`, without a network between."""

    def __init__(self, query: str, session: str = "") -> None:
        self.headers = [(b"cookie", f"other=1; {settings.SESSION_COOKIE_NAME}={session}".encode())] if session else []
        self.query = query
        self.status = 0
        self.heard: list[dict] = []
        self._gone = asyncio.Event()
        self._news = asyncio.Event()

    async def __aenter__(self) -> Ear:
        scope = {
            "type": "http",
            "path": "/live",
            "method": "GET",
            "query_string": self.query.encode(),
            "headers": self.headers,
        }
        self._task = asyncio.create_task(application(scope, self._receive, self._send))
        while not self.status:
            await asyncio.sleep(0.01)
        return self

    async def __aexit__(self, *_) -> None:
        self._gone.set()
        await asyncio.wait_for(self._task, 5)

    async def _receive(self) -> dict:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        for block in message.get("body", b"").split(b"\n\n"):
            fields = dict(line.split(b": ", 1) for line in block.splitlines() if b": " in line)
            if fields.get(b"event") == b"changed":
                self.heard.append(msgspec.json.decode(fields[b"data"]))
                self._news.set()

    async def hears(self, seconds: float = 5.0) -> dict:
        await asyncio.wait_for(self._news.wait(), seconds)
        self._news.clear()
        return self.heard[-1]


def in_thread(function: Callable, *args, **kwargs) -> Awaitable:
    def call():
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return asyncio.to_thread(call)


def listen(story: Callable[[], Awaitable[None]]) -> None:
    """Play a story in a loop of its own."""
    connection.close()
    in_a_loop_of_its_own(lambda: asyncio.wait_for(story(), 30))


def test_who_may_not_read_the_inbox_may_not_listen(towns, session):
    femke = session("femke")

    async def story():
        for query, cookie, status in (
            ("town=waterdam", "", 401),
            ("town=waterdam", "nonsense", 401),
            ("town=oeverloo", femke, 404),
            ("town=nowhere", femke, 404),
            ("", femke, 404),
            ("town=waterdam", femke, 200),
        ):
            async with Ear(query, cookie) as ear:
                assert ear.status == status

    listen(story)


def test_a_change_is_heard_within_a_moment_and_only_in_its_town(towns, session):
    waterdam, oeverloo = towns
    sanne = session("sanne")

    async def story():
        async with Ear("town=waterdam", sanne) as here, Ear("town=oeverloo", sanne) as there:
            await in_thread(emit, town=waterdam.pk, kind="conversation.changed", subject=12)
            assert await here.hears(1.5) == {"kinds": ["conversation.changed"], "ids": [12]}
            await in_thread(emit, town=oeverloo.pk, kind="post.arrived", subject=7)
            assert await there.hears(1.5) == {"kinds": ["post.arrived"], "ids": [7]}
            assert len(here.heard) == 1

    listen(story)


def test_what_happened_between_page_and_connection_is_not_missed(towns, session):
    waterdam, _ = towns
    first = emit(town=waterdam, kind="conversation.changed", subject=1)
    emit(town=waterdam, kind="conversation.changed", subject=2)
    sanne = session("sanne")

    async def story():
        async with Ear(f"town=waterdam&after={first.pk}", sanne) as ear:
            assert (await ear.hears())["kinds"] == ["missed"]
        async with Ear(f"town=waterdam&after={first.pk + 1}", sanne) as ear:
            await asyncio.sleep(0.5)
            assert ear.heard == []

    listen(story)


def test_what_happened_between_letting_in_and_joining_is_not_missed(towns, session, monkeypatch):
    waterdam, _ = towns
    sanne = session("sanne")
    admit = module._admit

    async def story():
        async with Ear("town=waterdam", sanne) as other:

            def slowly(*asked):
                admitted = admit(*asked)
                emit(town=waterdam.pk, kind="conversation.changed", subject=4)
                while not other.heard:
                    time.sleep(0.01)
                return admitted

            monkeypatch.setattr(module, "_admit", slowly)
            async with Ear("town=waterdam", sanne) as late:
                assert (await late.hears(1.5))["kinds"] == ["missed"]

    listen(story)


@pytest.mark.parametrize("started_before", [True, False])
def test_a_lower_number_that_is_committed_later_is_not_missed(towns, started_before):
    waterdam, _ = towns
    newest = emit(town=waterdam, kind="conversation.changed", subject=1).pk

    def written(number: int, subject: int) -> None:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(_write, pk=number, town_id=waterdam.pk, kind="post.arrived", subject=subject).result()

    seen = module.Seen(newest) if started_before else None
    written(newest + 2, 12)
    if seen is None:
        seen = module.Seen(newest + 2)
    else:
        assert [event[3] for event in seen.look()] == [12]
    written(newest + 1, 11)
    assert [event[3] for event in seen.look()] == [11]
    assert seen.look() == []


def _write(**fields) -> None:
    Event.objects.create(**fields)
    connections.close_all()


def test_a_slow_listener_is_told_to_look_at_everything_instead_of_growing_a_queue():
    async def story():
        listener = module.Listener(1, asyncio.get_running_loop())
        for number in range(module.WAITING * 3):
            listener.tell(module.frame(number, {"post.arrived"}, {number}))
        waiting = [await listener.next() for _ in range(listener._queue.qsize())]
        assert len(waiting) <= module.WAITING
        assert b"missed" in waiting[0]

    in_a_loop_of_its_own(story)


def test_a_thousand_listeners_share_one_thread_and_all_hear_it(towns, session):
    waterdam, _ = towns
    sanne = session("sanne")

    async def story():
        loop = asyncio.get_running_loop()
        async with Ear("town=waterdam", sanne):
            threads = [thread for thread in threading.enumerate() if thread.name == "live"]
            crowd = [module.Listener(waterdam.pk, loop) for _ in range(1000)]
            newest = await in_thread(module.newest_event)
            for listener in crowd:
                module.watcher.join(listener, newest)
            await in_thread(emit, town=waterdam.pk, kind="conversation.changed", subject=5)
            heard = await asyncio.wait_for(asyncio.gather(*(listener.next() for listener in crowd)), 5)
            assert all(b"conversation.changed" in told for told in heard)
            assert [thread for thread in threading.enumerate() if thread.name == "live"] == threads
            assert len(threads) == 1
            for listener in crowd:
                module.watcher.leave(listener)

    listen(story)


def test_who_lost_their_role_hears_nothing_after_the_connection_is_renewed(towns, session):
    sanne = session("sanne")
    Membership.objects.filter(person__email__startswith="sanne", town__slug="waterdam").delete()

    async def story():
        async with Ear("town=waterdam", sanne) as ear:
            assert ear.status == 404

    listen(story)


@pytest.mark.parametrize("name", ["look", "_took"])
def test_the_watcher_survives_a_database_that_is_away_for_a_moment(towns, session, monkeypatch, name):
    waterdam, _ = towns
    sanne = session("sanne")
    monkeypatch.setattr(module, "LOOK_AFTER_ERROR", 0.1)
    works, failed = getattr(module.Seen, name), []

    def fails_once(self, *given):
        if not failed:
            failed.append(True)
            raise RuntimeError("away")
        return works(self, *given)

    monkeypatch.setattr(module.Seen, name, fails_once)

    async def story():
        async with Ear("town=waterdam", sanne) as ear:
            await in_thread(emit, town=waterdam.pk, kind="conversation.changed", subject=3)
            assert (await ear.hears())["ids"] == [3]

    listen(story)


@pytest.mark.parametrize("opened", [False, True])
def test_what_comes_in_while_a_page_is_made_is_told_to_it(towns, client, monkeypatch, opened):
    waterdam, _ = towns
    talk = factories.conversation(waterdam)
    client.force_login(Person.objects.get(email__startswith="sanne"))
    of, told = listing.of, []

    def meanwhile(*given, **more):
        made = of(*given, **more)
        told.append(emit(town=waterdam, kind="conversation.changed", subject=talk.pk).pk)
        return made

    monkeypatch.setattr(listing, "of", meanwhile)
    shown = client.get(f"/waterdam/inbox/{talk.pk}/" if opened else "/waterdam/inbox/").content.decode()
    assert int(re.search(r'data-seen="(\d+)"', shown)[1]) < told[0]

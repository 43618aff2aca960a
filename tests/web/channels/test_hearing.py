"""Looking at sources, at threads around posts, and at whether posts still stand."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from plein.channels import memory
from plein_web.channels.models import Channel, Gone, Post, PostVersion, Source, Unread
from plein_web.channels.workers import check_tokens, follow, poll_sources, streaming, tidy
from plein_web.channels.workers.checking import ask_after_posts
from plein_web.channels.workers.lanes import Lanes
from plein_web.town.models import Event
from plein_web.town.rounds import Partly
from plein_web.town.workers import press_deleted
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def channel(waterdam, square_address):
    return factories.memory_channel(waterdam, square_address, handle="waterdam", identity="square:waterdam")


def now():
    return timezone.now()


def later(**span):
    return timezone.now() + timedelta(**span)


def test_a_look_brings_what_was_said_and_plans_the_next(channel, square):
    square.post("jan", "@waterdam hallo")
    moment = now()
    assert poll_sources(moment) == 1
    source = channel.sources.get()
    assert source.cursor == "1" and source.due_at == moment + timedelta(seconds=1)
    assert poll_sources(moment) == 0


def test_a_source_is_read_to_its_end_in_one_look(channel, square):
    for number in range(230):
        square.post("jan", f"@waterdam nummer {number}")
    assert poll_sources(now()) == 230


def test_a_network_that_is_down_is_left_alone_longer_every_time(channel, square):
    square.behave("is_down", on="listen", words="Even dicht.")
    poll_sources(now())
    source = channel.sources.get()
    assert (source.failures, source.error) == (1, "Even dicht.")
    first = source.due_at - now()
    Source.objects.update(failures=6, due_at=now())
    poll_sources(now())
    source.refresh_from_db()
    assert source.due_at - now() > first * 10


def test_a_network_that_recovered_is_well_again(channel, square):
    square.behave("is_down", on="listen", times=1)
    poll_sources(now())
    poll_sources(later(minutes=1))
    source = channel.sources.get()
    assert (source.failures, source.error) == (0, "")


def test_a_dead_token_closes_the_channel_and_tells_it(channel, square):
    square.behave("dead_token", on="listen", words="Meld je opnieuw aan.")
    poll_sources(now())
    channel.refresh_from_db()
    assert (channel.status, channel.error) == (Channel.Status.SIGN_IN_NEEDED, "Meld je opnieuw aan.")
    assert Event.objects.filter(kind="channel.changed", subject=channel.pk).exists()
    assert poll_sources(later(hours=1)) == 0


def test_what_a_resident_answered_to_is_fetched_too(channel, square):
    root = square.post("piet", "De brug is stuk")
    square.post("jan", "@waterdam zie hierboven", reply_to=root)
    poll_sources(now())
    assert set(Post.objects.values_list("text", flat=True)) == {"De brug is stuk", "@waterdam zie hierboven"}
    assert set(Post.objects.values_list("root_uri", flat=True)) == {root}
    assert not Post.objects.exclude(thread_at=None).exists()


def test_a_thread_that_could_not_be_had_is_asked_for_again(channel, square):
    root = square.post("piet", "De brug is stuk")
    square.post("jan", "@waterdam zie hierboven", reply_to=root)
    square.behave("is_down", on="thread", times=1)
    poll_sources(now())
    assert Post.objects.count() == 1
    poll_sources(later(minutes=3))
    assert Post.objects.count() == 2


def test_a_deletion_that_nobody_told_us_is_found_within_ten_seconds(channel, square, monkeypatch):
    uri = square.post("jan", "@waterdam mijn nummer is 0612345678")
    poll_sources(now())
    _silently(square, monkeypatch, lambda: square.delete(uri))
    assert ask_after_posts(later(seconds=10)) == 1
    assert Post.objects.get().text == "" and Post.objects.get().deleted_at


def test_an_edit_that_nobody_told_us_is_found_even_without_a_date(channel, square, monkeypatch):
    uri = square.post("jan", "@waterdam brug")
    poll_sources(now())
    post = square.get(uri)
    monkeypatch.setattr(memory.Client, "check", lambda *_: _with(post, text="@waterdam Sluisbrug"))
    ask_after_posts(later(seconds=10))
    post = Post.objects.get()
    assert (post.text, post.versions, post.earlier.get().text) == ("@waterdam Sluisbrug", 2, "@waterdam brug")


def _with(post, **values):
    from dataclasses import replace

    return replace(post, **values)


def _silently(square, monkeypatch, act):
    monkeypatch.setattr(square, "_tell", lambda *_: None)
    act()
    monkeypatch.undo()


def test_posts_are_asked_after_less_and_less_often(channel, square):
    square.post("jan", "@waterdam brug")
    poll_sources(now())
    asked = 0
    for minute in range(120):
        asked += ask_after_posts(later(minutes=minute))
    assert 15 <= asked <= 40


def test_an_answer_from_our_own_account_elsewhere_is_found(channel, square):
    uri = square.post("jan", "@waterdam brug?")
    poll_sources(now())
    square.post("waterdam", "We komen eraan", reply_to=uri)
    ask_after_posts(later(minutes=10))
    poll_sources(later(minutes=11))
    assert Post.objects.get(text="We komen eraan").ours


def test_a_network_in_trouble_is_not_asked_about_every_single_post(channel, square):
    for number in range(5):
        square.post("jan", f"@waterdam {number}")
    poll_sources(now())
    square.behave("rate_limits", on="check", retry_after=600)
    assert ask_after_posts(later(seconds=10)) == 0
    assert ask_after_posts(later(seconds=300)) == 0
    assert not Post.objects.filter(check_at__lt=later(seconds=600)).exists()


def test_every_day_the_network_is_asked_who_we_are(channel, square):
    assert check_tokens(now()) == 1
    assert check_tokens(later(hours=23)) == 0
    assert check_tokens(later(hours=25)) == 1


def test_a_dead_token_is_found_before_anybody_needs_it(channel, square):
    square.behave("dead_token", on="profile")
    check_tokens(now())
    channel.refresh_from_db()
    assert channel.status == Channel.Status.SIGN_IN_NEEDED


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_for_a_while_goes(channel):
    source = channel.sources.get()
    Unread.objects.create(source=source, digest="a", error="x", last_at=later(days=-15))
    Unread.objects.create(source=source, digest="b", error="x")
    Gone.objects.create(digest="a", until=later(hours=-1))
    Gone.objects.create(digest="b", until=later(hours=1))
    assert tidy(now()) == 2
    assert Unread.objects.get().digest == "b" == Gone.objects.get().digest


def test_a_stream_brings_posts_at_once_and_leaves_the_cursor_to_the_looks(channel, square, monkeypatch):
    monkeypatch.setattr(memory.Client, "look_every", 0.01)
    stop = threading.Event()
    square.post("jan", "@waterdam een")
    monkeypatch.setattr("plein_web.channels.workers.hearing.take", _take_and(stop.set))
    source = streaming()[0]
    follow(source, stop)
    source.refresh_from_db()
    assert Post.objects.count() == 1 and source.cursor is None


def _take_and(act):
    from plein_web.channels.actions.receiving import take

    def taking(**values):
        act()
        return take(**values)

    return taking


def test_a_stream_of_a_paused_channel_ends(channel):
    Channel.objects.update(status=Channel.Status.PAUSED)
    follow(channel.sources.get(), threading.Event())


@pytest.mark.django_db(transaction=True)
def test_a_slow_network_holds_up_nobody_but_itself():
    lanes = Lanes("test", patience=0.2)
    free = threading.Event()
    began = time.monotonic()
    assert lanes.run({"slow": lambda: free.wait(5) and 10, "quick": lambda: 1}) == 1
    assert lanes.run({"slow": lambda: 100, "quick": lambda: 2}) == 2
    assert time.monotonic() - began < 3
    free.set()
    time.sleep(0.1)
    assert lanes.run({}) == 10


@pytest.mark.django_db(transaction=True)
def test_a_lane_that_crashes_is_told_of_after_the_others_were_done():
    lanes = Lanes("test", patience=1)
    done = []

    def crash() -> int:
        raise KeyError("brug")

    with pytest.raises(Partly, match="bad: KeyError: 'brug'") as told:
        lanes.run({"bad": crash, "good": lambda: done.append(1) or 1})
    assert (done, told.value.done) == ([1], 1)
    # It rests: the others are not held up by it.
    assert lanes.run({"bad": crash, "good": lambda: 5}) == 5


@pytest.mark.django_db(transaction=True)
def test_of_a_deleted_post_no_word_is_left_in_the_files(database, channel, square):
    uri = square.post("jan", "@waterdam mijn wachtwoord is pompoensoep")
    for number in range(50):
        square.post("piet", f"@waterdam nummer {number}")
    poll_sources(now())
    square.edit(uri, "@waterdam mijn wachtwoord is toch erwtensoep")
    poll_sources(later(seconds=5))
    assert b"pompoensoep" in _files(database)
    square.delete(uri)
    poll_sources(later(seconds=10))
    assert press_deleted(now()) == 1
    assert b"pompoensoep" not in _files(database) and b"erwtensoep" not in _files(database)
    assert press_deleted(later(days=1)) == 0


def _files(database: str) -> bytes:
    """Return what stands in the files; of PostgreSQL, whose files are not ours to read, in the rows."""
    if database == "postgresql":
        rows = [*Post.objects.values(), *PostVersion.objects.values()]
        return repr(rows).encode()
    path = Path(connection.settings_dict["NAME"])
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))

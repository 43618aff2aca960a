"""What comes in: once, in its newest form, and never again after it was deleted."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from plein.channels.posts import Attachment, Author, Batch, Deleted, Unreadable
from plein.channels.posts import Post as Told
from plein_web.channels.actions import enter_by_hand, receive
from plein_web.channels.incoming import sanitised
from plein_web.channels.models import Gap, Gone, Post, PostVersion, Sighting, Unread
from plein_web.town.actions import vault
from plein_web.town.models import Event
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
JAN = Author("square:jan", "jan", "Jan Jansma")


def told(uri: str = "u1", text: str = "De brug is dicht", minute: int | None = None, **fields) -> Told:
    edited = NOW + timedelta(minutes=minute) if minute else None
    fields = {"remote_id": f"r-{uri}", "author": JAN, "posted_at": NOW, "raw": b'{"x":1}', **fields}
    return Told(network="memory", uri=uri, text=text, edited_at=edited, **fields)


def deleted(uri: str = "u1") -> Deleted:
    return Deleted("memory", uri, NOW + timedelta(hours=1))


@pytest.fixture
def channel(waterdam, square_address):
    return factories.memory_channel(waterdam, square_address, handle="waterdam", identity="square:waterdam")


@pytest.fixture
def source(channel):
    return channel.sources.get()


def come_in(source, *items, cursor: str | None = "1", **fields) -> int:
    return receive(source=source, batch=Batch(items, cursor, **fields), now=NOW)


def events() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_a_post_comes_in_with_its_cursor_and_an_event(source, waterdam):
    assert come_in(source, told(), cursor="7") == 1
    post = Post.objects.get()
    assert (post.text, post.author_name, post.root_uri, post.town) == ("De brug is dicht", "Jan Jansma", "u1", waterdam)
    source.refresh_from_db()
    assert (source.cursor, source.posts, source.last_ok_at) == ("7", 1, NOW)
    assert events() == ["post.arrived"]


def test_what_comes_twice_is_there_once(source):
    come_in(source, told(), told())
    assert come_in(source, told()) == 0
    assert Post.objects.count() == 1 and events() == ["post.arrived"]


def test_the_raw_payload_is_kept_encrypted(source):
    come_in(source, told(raw=b'{"geheim": 1}'))
    raw = bytes(Post.objects.get().raw)
    assert b"geheim" not in raw and vault().unlock_bytes(raw) == b'{"geheim": 1}'


def test_an_edit_keeps_the_earlier_text(source):
    come_in(source, told())
    assert come_in(source, told(text="De brug is open", minute=5)) == 1
    post = Post.objects.get()
    assert (post.text, post.versions, post.earlier.get().text) == ("De brug is open", 2, "De brug is dicht")
    assert events() == ["post.arrived", "post.edited"]


def test_an_earlier_text_that_comes_late_stands_behind_the_newer(source):
    come_in(source, told(text="De brug is open", minute=5))
    come_in(source, told())
    post = Post.objects.get()
    assert (post.text, post.versions, post.earlier.get().text) == ("De brug is open", 2, "De brug is dicht")


def test_a_deletion_leaves_nothing_of_the_words(source):
    come_in(
        source, told(markup="<p>De brug is dicht</p>", title="Brug", attachments=(Attachment("https://x.example/1"),))
    )
    come_in(source, told(text="De brug is nog dicht", minute=5, content_warning="boos"))
    assert come_in(source, deleted()) == 1
    post = Post.objects.get()
    assert post.deleted_at == deleted().at
    assert (post.text, post.markup, post.title, post.content_warning, post.search) == ("", "", "", "", "")
    assert post.attachments == [] and bytes(post.raw) == b"" and not PostVersion.objects.exists()
    assert events()[-1] == "post.deleted"


def test_nothing_brings_a_deleted_post_back(source):
    come_in(source, told())
    come_in(source, deleted())
    assert come_in(source, told(), told(text="Toch weer", minute=9), deleted()) == 0
    assert Post.objects.get().text == ""


def test_a_deletion_that_comes_first_is_remembered_without_its_address(source):
    come_in(source, deleted())
    assert not Post.objects.exists()
    assert "u1" not in Gone.objects.get().digest
    come_in(source, told())
    assert not Post.objects.exists()


def test_a_deletion_is_remembered_for_three_days(source):
    come_in(source, deleted())
    receive(source=source, batch=Batch((told(),)), now=NOW + timedelta(hours=73))
    assert Post.objects.exists()


def test_a_post_met_by_two_routes_is_one_post_with_two_sightings(source, channel, waterdam):
    other = factories.source(waterdam, channel=channel, kind="hashtag", address="#brug")
    come_in(source, told(remote_id="17"))
    come_in(other, told(remote_id="ab"))
    assert Post.objects.count() == 1
    assert set(Sighting.objects.values_list("remote_id", flat=True)) == {"17", "ab"}


def test_two_towns_keep_the_same_post_apart(source, oeverloo, square_address):
    other = factories.memory_channel(oeverloo, square_address, handle="oeverloo").sources.get()
    come_in(source, told())
    come_in(other, told())
    come_in(source, deleted())
    assert [post.text for post in Post.objects.order_by("town__name")] == ["De brug is dicht", ""]


def test_what_our_own_account_wrote_is_ours(source):
    come_in(source, told(author=Author("square:waterdam", "waterdam")))
    assert Post.objects.get().ours


def test_an_answer_belongs_to_the_thread_of_what_it_answers(source):
    come_in(source, told("a"), told("b", parent="a"), told("c", parent="b"))
    assert set(Post.objects.values_list("root_uri", flat=True)) == {"a"}


def test_a_thread_met_from_its_end_finds_its_beginning(source):
    for uri, parent in (("d", "c"), ("c", "b"), ("b", "a")):
        come_in(source, told(uri, parent=parent))
    assert set(Post.objects.values_list("root_uri", flat=True)) == {"a"}


def test_a_missing_parent_is_asked_for(source):
    come_in(source, told("b", parent="a"))
    assert Post.objects.get().thread_at == NOW
    come_in(source, told("c", parent="b"))
    assert Post.objects.get(uri="c").thread_at is None


def test_input_that_nobody_can_read_is_kept_encrypted_and_counted(source):
    for _ in range(2):
        come_in(source, Unreadable(b"{brug", "no JSON"))
    row = Unread.objects.get()
    assert (row.count, row.error, vault().unlock_bytes(bytes(row.raw))) == (2, "no JSON", b"{brug")


def test_an_address_that_is_too_long_is_no_post_but_is_not_lost(source):
    come_in(source, told("u" * 501))
    assert not Post.objects.exists() and Unread.objects.exists()


def test_characters_that_no_database_can_hold_are_replaced(source):
    come_in(source, told(text="De \x00brug \ud800", author=Author("i", "h\x00", "n" * 900)))
    assert Post.objects.get().text == "De \ufffdbrug \ufffd"


def test_a_gap_is_a_row_with_both_its_ends(source):
    come_in(source, cursor="5")
    come_in(source, cursor="900", gap="The stream forgot two hours.")
    gap = Gap.objects.get()
    assert (gap.words, gap.before, gap.after) == ("The stream forgot two hours.", "5", "900")


def test_a_batch_without_a_cursor_leaves_the_cursor(source):
    come_in(source, cursor="5")
    come_in(source, told(), cursor=None)
    source.refresh_from_db()
    assert source.cursor == "5"


def test_a_stranger_s_markup_loses_what_acts_or_loads():
    markup = (
        '<p style="color:red" onclick="x()">Hoi <a href="javascript:x()" class="u">a</a>'
        '<a href="https://goed.example" target="_top">b</a><script>x()</script><img src="https://spoor.example/p.gif"></p>'
    )
    assert sanitised(markup) == (
        '<p>Hoi <a rel="noopener noreferrer nofollow ugc">a</a>'
        '<a href="https://goed.example" rel="noopener noreferrer nofollow ugc">b</a></p>'
    )


def test_whatever_the_order_the_same_rows_are_left(source, oeverloo, square_address):
    chance = random.Random(20261123)
    items = []
    for number in range(30):
        uri, parent = f"u{number}", f"u{chance.randrange(number)}" if number and chance.random() < 0.7 else None
        items += [told(uri, f"tekst {v}", v, parent=parent) for v in range(chance.randint(1, 4))]
        items += [deleted(uri)] if chance.random() < 0.2 else []
    left = []
    for _attempt in range(3):
        Post.objects.all().delete()
        Gone.objects.all().delete()
        chance.shuffle(items)
        again = chance.choices(items, k=20)
        for start in range(0, len(items), 7):
            come_in(source, *items[start : start + 7], *again[start : start + 2])
        left.append(_what_can_be_read())
    assert left[0] == left[1] == left[2] and len(left[0]) > 15


def _what_can_be_read() -> set:
    return {
        (
            post.uri,
            post.root_uri,
            post.text,
            post.versions,
            *post.earlier.order_by("version_at").values_list("text", flat=True),
        )
        for post in Post.objects.filter(deleted_at=None)
    }


def test_a_hundred_posts_take_few_queries(source, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("plein_web.channels.actions.receiving._portion.size", 100)
    posts = [told(f"u{n}", parent=f"u{n - 1}" if n % 5 else None) for n in range(100)]
    with django_assert_max_num_queries(20):
        come_in(source, *posts)
    edits = [replace(post, text="anders", edited_at=NOW + timedelta(minutes=1)) for post in posts]
    assert come_in(source, *edits) == 100


def test_a_message_entered_by_hand_is_a_post_and_audited(waterdam, femke):
    channel = factories.channel(waterdam, network="memory", handle="balie")
    actor = factories.actor(femke, waterdam)
    post = enter_by_hand(
        actor=actor, channel=channel, author_name="Mevrouw Smit", text=" Stoep ligt los ", posted_at=NOW
    )
    assert (post.text, post.author_name, post.ours) == ("Stoep ligt los", "Mevrouw Smit", False)
    assert events() == ["post.arrived"]

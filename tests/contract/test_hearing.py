"""What residents say reaches us: once, in full, whatever the order, and also what becomes of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from plein.channels.errors import Unsupported
from plein.channels.posts import Deleted, Post, Visibility
from tests.contract.talking import Ear, bare, eventually, picture, unique
from tests.contract.worlds import Saying, World

needs = pytest.mark.needs


@needs("hears_mentions")
def test_a_mention_arrives_once(world: World, ear: Ear) -> None:
    written = world.says(unique("De lamp bij de brug is stuk"))
    ear.until(written.uri)
    for _ in range(3):
        ear.look()
    assert ear.uris().count(written.uri) == 1


@needs("hears_mentions")
def test_a_mention_is_told_as_it_was_written(world: World, ear: Ear) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    written = world.says(unique('Er ligt glas 🍾 op het fietspad, kapotte banden & "zo": 2 > 1, hoe lang nog?'))
    post = ear.until(written.uri)
    assert bare(post.text) == bare(written.text)
    assert (post.network, post.parent, post.edited_at) == (world.kind.network.code, None, None)
    assert written.by in post.author.handle and post.author.id
    assert before < post.posted_at < datetime.now(UTC) + timedelta(seconds=5)
    assert post.raw


@needs("hears_mentions", "replies")
def test_a_reply_says_what_it_answers_and_where_the_thread_began(world: World, ear: Ear) -> None:
    first = world.says(unique("De container zit vol"))
    second = world.replies(unique("Hier ook"), first, by="miep")
    heard = ear.until(second.uri)
    assert heard.parent == first.uri
    assert heard.root in (first.uri, None)


@needs("hears_mentions")
def test_a_cursor_goes_on_where_it_stopped(world: World, ear: Ear) -> None:
    written = []
    for number in range(3):
        written.append(world.says(unique(f"Melding {number}")).uri)
        ear.until(written[-1])
    assert sorted(uri for uri in ear.uris() if uri in written) == sorted(written)


@needs("hears_mentions")
def test_nothing_is_lost_when_many_write_between_two_looks(world: World, ear: Ear) -> None:
    written = {world.says(unique(f"Zwerfvuil {number}")).uri for number in range(world.many)}
    ear.until_all(written)
    time.sleep(0.5)
    ear.look()
    heard = [uri for uri in ear.uris() if uri in written]
    assert len(heard) == len(written)


@needs("hears_mentions")
def test_a_mention_that_says_it_is_older_than_one_we_had_is_heard(world: World, ear: Ear) -> None:
    if not world.dates_back:
        return
    ear.until(world.says(unique("Eerst gehoord")).uri)
    late = world.says(unique("Later verteld"), Saying(at=datetime.now(UTC) - timedelta(minutes=5)))
    ear.until(late.uri)


@needs("hears_mentions", "alt_text")
def test_a_picture_comes_with_its_description(world: World, ear: Ear) -> None:
    written = world.says(unique("Kijk"), Saying(images=(picture("Een omgevallen verkeersbord"),)))
    post = ear.until(written.uri)
    assert [one.alt for one in post.attachments] == ["Een omgevallen verkeersbord"]
    assert post.attachments[0].url.startswith("http")


@needs("hears_mentions", "content_warnings")
def test_a_content_warning_is_told(world: World, ear: Ear) -> None:
    written = world.says(unique("Overreden egel"), Saying(content_warning="dode dieren"))
    assert ear.until(written.uri).content_warning == "dode dieren"


@needs("hears_mentions", "visibilities:direct")
def test_a_direct_message_is_told_as_direct(world: World, ear: Ear) -> None:
    written = world.says(unique("Mijn uitkering klopt niet"), Saying(visibility=Visibility.DIRECT))
    assert ear.until(written.uri).visibility is Visibility.DIRECT


@needs("hears_edits", "shows_threads")
def test_an_edit_is_heard(world: World, ear: Ear, client) -> None:
    written = world.says(unique("De lamp is stok"))
    post = ear.until(written.uri)
    text = written.text.replace("stok", "stuk")
    world.edits(written, text)
    changed = eventually(lambda: _changed(client, post), world.patience, "The edit")
    assert bare(changed.text) == bare(text)
    assert changed.uri == post.uri
    assert changed.version_at > post.version_at


def _changed(client, post: Post) -> Post | None:
    found = client.check(post.uri, post.remote_id)
    return found if isinstance(found, Post) and found.text != post.text else None


@needs("shows_threads")
def test_what_was_not_changed_is_told_as_unchanged(world: World, ear: Ear, client) -> None:
    post = ear.until(world.says(unique("Niets aan de hand")).uri)
    again = client.check(post.uri, post.remote_id)
    assert (again.uri, again.text, again.version_at) == (post.uri, post.text, post.version_at)


@needs("hears_deletes", "shows_threads")
def test_a_deletion_is_heard(world: World, ear: Ear, client) -> None:
    written = world.says(unique("Bij nader inzien"))
    post = ear.until(written.uri)
    world.deletes(written)
    gone = eventually(lambda: _gone(client, post), world.patience, "The deletion")
    assert gone.uri == post.uri


def _gone(client, post: Post) -> Deleted | None:
    found = client.check(post.uri, post.remote_id)
    return found if isinstance(found, Deleted) else None


@needs("hears_mentions")
def test_what_is_not_meant_for_us_is_not_heard(world: World, ear: Ear) -> None:
    private = world.says(unique("Lekker weer"), Saying(addressed=False))
    ear.until(world.says(unique("Wel voor de gemeente")).uri)
    assert private.uri not in ear.uris()


@needs("hears_mentions")
def test_a_source_that_the_network_has_not_is_refused(world: World, client) -> None:
    from plein.channels.contract import SourceSpec

    with pytest.raises(Unsupported):
        client.listen(SourceSpec("smoke signals"), None)

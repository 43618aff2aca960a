"""The same items, in whatever order and however often, leave the same behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from plein.channels.merging import PROVISIONAL, Held, Meeting, Version, is_earlier, kept_of, meet, new_root, version_of
from plein.channels.posts import Author, Deleted, Post

START = datetime(2026, 3, 3, 9, tzinfo=UTC)


def post(uri: str = "a", text: str = "De brug is dicht", minute: int = 0) -> Post:
    at = START + timedelta(minutes=minute)
    return Post("memory", uri, uri, Author("jan", "jan"), text, START, edited_at=at if minute else None)


def deleted(uri: str = "a") -> Deleted:
    return Deleted("memory", uri, START + timedelta(hours=1))


class Shelf:
    """What the rows would be: the newest version, earlier ones, tombstones and remembered deletions."""

    def __init__(self) -> None:
        self.newest: dict[str, Version | None] = {}
        self.earlier: dict[str, dict[datetime, Version]] = {}
        self.gone: set[str] = set()

    def take(self, item: Post | Deleted) -> Meeting:
        uri = item.uri
        held = Held(self.newest[uri]) if uri in self.newest else None
        meeting = meet(item, held, gone=uri in self.gone)
        if meeting is Meeting.DELETED_UNSEEN:
            self.gone.add(uri)
        elif meeting is Meeting.DELETED:
            self.newest[uri], self.earlier[uri] = None, {}
        elif meeting is Meeting.NEW:
            self.newest[uri] = version_of(item)
        elif meeting is Meeting.NEWER:
            self._keep(uri, self.newest[uri])
            self.newest[uri] = version_of(item)
        elif meeting is Meeting.OLDER:
            self._keep(uri, version_of(item))
        return meeting

    def _keep(self, uri: str, version: Version) -> None:
        kept = self.earlier.setdefault(uri, {})
        kept[version.at] = kept_of(kept.get(version.at), version)

    def shown(self) -> dict[str, tuple[Version, tuple[Version, ...]]]:
        """What a colleague can read: a tombstone and a post that never came both show nothing."""
        return {
            uri: (newest, tuple(sorted(v for v in self.earlier.get(uri, {}).values() if is_earlier(v, newest))))
            for uri, newest in self.newest.items()
            if newest
        }


items = st.lists(
    st.one_of(
        st.builds(post, st.sampled_from("ab"), st.sampled_from(["een", "twee", "drie"]), st.integers(0, 3)),
        st.builds(deleted, st.sampled_from("ab")),
    ),
    max_size=12,
)


@given(items, st.data())
def test_any_order_and_any_repetition_leaves_the_same_behind(told, data):
    again = data.draw(st.lists(st.sampled_from(told), max_size=6)) if told else []
    other = data.draw(st.permutations([*told, *again]))
    one, two = Shelf(), Shelf()
    for item in told:
        one.take(item)
    for item in other:
        two.take(item)
    assert one.shown() == two.shown()


@given(items)
def test_what_was_deleted_never_comes_back(told):
    shelf = Shelf()
    for item in told:
        shelf.take(item)
    assert not {item.uri for item in told if isinstance(item, Deleted)} & set(shelf.shown())


def test_a_first_meeting_is_new_and_a_second_the_same():
    assert meet(post(), None) is Meeting.NEW
    assert meet(post(), Held(version_of(post()))) is Meeting.SAME


def test_an_edit_is_newer_and_the_text_before_it_older():
    edit = post(text="De brug is open", minute=5)
    assert meet(edit, Held(version_of(post()))) is Meeting.NEWER
    assert meet(post(), Held(version_of(edit))) is Meeting.OLDER


def test_a_post_that_was_deleted_is_forbidden_whether_we_held_it_or_not():
    assert meet(post(), Held(None)) is Meeting.FORBIDDEN
    assert meet(post(), None, gone=True) is Meeting.FORBIDDEN


def test_what_we_know_only_from_sending_it_gives_way_and_leaves_no_earlier_version():
    ours = replace(post(), edited_at=PROVISIONAL)
    assert meet(post(), Held(version_of(ours))) is Meeting.NEWER
    assert not is_earlier(version_of(ours), version_of(post()))


def test_threads_that_answer_each_other_in_a_ring_still_have_a_beginning():
    assert new_root("a", {"a": "b", "b": "a"}) in ("a", "b")

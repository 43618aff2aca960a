"""What is written, what is not, and what does not come back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from plein.channels.posts import Batch, Deleted, Unreadable
from plein_web.channels.models import Gap, Gone, Source, Unread
from plein_web.listening import store
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention
from plein_web.listening.standing import STANDING
from plein_web.town.models import Event
from plein_web.town.search import found
from tests import factories
from tests.web.listening.conftest import NOW, said, watch_row

pytestmark = pytest.mark.django_db


def take(source: Source, *items, cursor: str | None = None, gap: str = "", now=NOW):
    """Take items in, as a worker does."""
    batch = Batch(tuple(items), cursor, gap)
    return Ingestion(source).take_batch(batch, STANDING.listener(source.town_id), now)


def texts() -> list[str]:
    return list(Mention.objects.order_by("id").values_list("text", flat=True))


def test_a_mention_is_stored_once_however_often_it_comes(brug, everywhere):
    post = said("De sluisbrug is dicht")
    take(everywhere, post, post)
    take(everywhere, post)
    assert texts() == ["De sluisbrug is dicht"]


def test_rows_are_those_that_the_orm_would_have_written(brug, everywhere):
    take(
        everywhere,
        said("Sluisbrug é 🙂 @jan", posted_at=NOW.replace(microsecond=0)),
        said("sluisbrug", posted_at=NOW.replace(microsecond=123)),
    )
    raw = list(Mention.objects.order_by("id").values())
    Mention.objects.all().delete()
    Mention.objects.bulk_create(Mention(**row) for row in raw)
    columns = ", ".join(store.COLUMNS)
    table = Mention._meta.db_table

    def stored() -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {table} ORDER BY id")
            return cursor.fetchall()

    by_orm = stored()
    Mention.objects.all().delete()
    from plein.listening.hearing import Overheard

    fields = ("town_id", "watch_id", "period", "uri_hash", "network_code", "author", "locator", "text", "language",
              "phrase", "posted_at", "version_at", "heard_at", "search", "sure", "why", "thread", "parent", "tags",
              "source")  # fmt: skip
    store.write_rows([Overheard(*(row[name] for name in fields)) for row in raw])
    assert stored() == by_orm
    assert [{k: v for k, v in row.items() if k != "id"} for row in Mention.objects.order_by("id").values()] == [
        {k: v for k, v in row.items() if k != "id"} for row in raw
    ]


def test_each_town_gets_its_own_row_and_its_own_event(brug, oeverloo, everywhere):
    watch_row(oeverloo, "sluisbrug")
    take(everywhere, said("sluisbrug"), said("Is de brug dicht?"))
    assert [m.town_id for m in Mention.objects.order_by("town_id", "id")] == sorted(
        [brug.town_id, brug.town_id, oeverloo.pk]
    )
    events = {event.town_id: event.payload for event in Event.objects.filter(kind="mention.arrived")}
    assert events[brug.town_id] == {"watch": brug.pk, "count": 2, "watches": {str(brug.pk): 2}}
    assert events[oeverloo.pk]["count"] == 1


def test_a_source_of_one_town_brings_nothing_to_another(brug, oeverloo):
    take(factories.source(oeverloo, kind="hashtag"), said("sluisbrug"))
    assert texts() == []


def test_an_edit_in_the_very_moment_of_its_post_changes_the_row(brug, everywhere):
    post = said("sluisbrug dicht", posted_at=NOW)
    take(everywhere, post)
    take(everywhere, replace(post, text="sluisbrug weer open", edited_at=NOW))
    assert texts() == ["sluisbrug weer open"]


def test_an_edit_changes_the_row(brug, everywhere):
    post = said("sluisbrug dicht")
    take(everywhere, post)
    take(everywhere, replace(post, text="sluisbrug weer open", edited_at=NOW))
    assert texts() == ["sluisbrug weer open"]
    assert found(Mention.objects.all(), brug.town_id, "open").count() == 1
    assert found(Mention.objects.all(), brug.town_id, "dicht").count() == 0


def test_an_edit_that_drops_the_words_takes_the_row_away(brug, everywhere):
    post = said("sluisbrug dicht")
    take(everywhere, post)
    take(everywhere, replace(post, text="nooit gezegd", edited_at=NOW))
    assert texts() == []
    take(everywhere, post)
    assert texts() == [], "the first text may not come back"


def test_an_edit_that_adds_the_words_brings_the_post(brug, everywhere):
    post = said("mooi weer")
    take(everywhere, post)
    take(everywhere, replace(post, text="mooi weer bij de sluisbrug", edited_at=NOW))
    assert texts() == ["mooi weer bij de sluisbrug"]


def test_an_edit_that_comes_first_is_not_undone_by_the_first_text(brug, everywhere):
    post = said("sluisbrug dicht")
    take(everywhere, replace(post, text="sluisbrug open", edited_at=NOW))
    take(everywhere, post)
    assert texts() == ["sluisbrug open"]


def test_an_edit_seen_by_a_source_of_another_town_changes_ours_too(brug, oeverloo, everywhere):
    post = said("sluisbrug dicht")
    take(everywhere, post)
    take(factories.source(oeverloo, kind="hashtag"), replace(post, text="sluisbrug open", edited_at=NOW))
    assert texts() == ["sluisbrug open"]


def test_a_deletion_takes_the_row_away_and_disorder_does_not_bring_it_back(brug, everywhere):
    post = said("sluisbrug")
    take(everywhere, post)
    take(everywhere, Deleted("memory", post.uri, NOW))
    take(everywhere, post)
    take(everywhere, replace(post, edited_at=NOW + timedelta(minutes=1)))
    assert texts() == []


def test_a_deletion_that_comes_first_leaves_only_a_keyed_hash(brug, everywhere):
    post = said("sluisbrug")
    take(everywhere, Deleted("memory", post.uri, NOW))
    take(everywhere, post)
    assert texts() == []
    gone = Gone.objects.get()
    assert gone.until == NOW + timedelta(hours=72)
    assert post.uri not in gone.digest


def test_a_post_and_its_deletion_in_one_batch_leave_nothing(brug, everywhere):
    post = said("sluisbrug")
    take(everywhere, post, Deleted("memory", post.uri, NOW))
    assert texts() == []
    assert not Event.objects.filter(kind="mention.arrived").exists()


def test_a_deletion_in_one_town_holds_for_all(brug, oeverloo, everywhere):
    watch_row(oeverloo, "sluisbrug")
    post = said("sluisbrug")
    take(everywhere, post)
    take(factories.source(oeverloo, kind="hashtag"), Deleted("memory", post.uri, NOW))
    assert texts() == []


def test_what_nobody_can_read_is_counted_and_not_kept(brug, everywhere):
    take(everywhere, Unreadable(b"{geheim", "no JSON"), Unreadable(b"{geheim", "no JSON"))
    take(everywhere, Unreadable(b"{geheim", "no JSON"))
    unread = Unread.objects.get()
    assert (unread.count, unread.raw, unread.error) == (3, None, "no JSON")


def test_the_cursor_goes_along_with_the_rows(brug, everywhere):
    take(everywhere, said("sluisbrug"), said("iets anders"), cursor="42")
    everywhere.refresh_from_db()
    assert (everywhere.cursor, everywhere.posts) == ("42", 2)
    assert everywhere.last_ok_at == NOW


def test_a_batch_with_nothing_of_ours_waits_with_its_cursor_but_is_counted(brug, everywhere):
    ingestion, listener = Ingestion(everywhere), STANDING.listener()
    ingestion.take_batch(Batch((said("a"),), "1"), listener, NOW)
    ingestion.take_batch(Batch((said("b"),), "2"), listener, NOW + timedelta(seconds=1))
    assert Source.objects.get(pk=everywhere.pk).cursor == "1"
    ingestion.take_batch(Batch((said("sluisbrug"),), "3"), listener, NOW + timedelta(seconds=2))
    stored = Source.objects.get(pk=everywhere.pk)
    assert (stored.cursor, stored.posts) == ("3", 3)
    ingestion.take_batch(Batch((), "4"), listener, NOW + timedelta(seconds=9))
    assert Source.objects.get(pk=everywhere.pk).cursor == "4"


def test_a_gap_is_a_visible_row(brug, everywhere):
    take(everywhere, cursor="9", gap="The server starts 60 seconds after the last event we saw.")
    gap = Gap.objects.get()
    assert (gap.source, gap.after) == (everywhere, "9")


def test_a_large_harvest_is_cut_and_nothing_is_lost(brug, everywhere):
    posts = [said(f"sluisbrug {n}") for n in range(230)]
    changed = replace(posts[7], text="niets", edited_at=NOW)
    take(everywhere, *posts, changed, Deleted("memory", posts[3].uri, NOW))
    assert Mention.objects.count() == 228
    assert sum(event.payload["count"] for event in Event.objects.filter(kind="mention.arrived")) == 228


def test_only_new_mentions_are_told_of(brug, everywhere):
    post = said("sluisbrug")
    take(everywhere, post)
    take(everywhere, post, replace(post, text="sluisbrug open", edited_at=NOW))
    assert Event.objects.filter(kind="mention.arrived").count() == 1


def test_a_crash_in_between_leaves_neither_rows_nor_cursor(brug, everywhere, monkeypatch):
    def crash(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_tell", crash)
    with pytest.raises(KeyboardInterrupt):
        take(everywhere, said("sluisbrug"), cursor="7")
    assert texts() == []
    assert Source.objects.get(pk=everywhere.pk).cursor is None

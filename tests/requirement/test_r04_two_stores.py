"""R4: what is overheard has a store of its own, masked, under pseudonyms that say nothing across watches and months."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plein.channels.posts import Author, Batch
from plein_web.channels.models import Post
from plein_web.listening.actions import open_place
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention
from plein_web.listening.standing import STANDING
from plein_web.town.models import AuditRow
from tests import factories
from tests.web.listening.conftest import NOW, said, watch_row

pytestmark = [pytest.mark.requirement, pytest.mark.django_db]
JOKE, PIET = Author("resident-joke", "joke"), Author("resident-piet", "piet")


def hear(*posts) -> None:
    """Let all towns overhear some posts."""
    source = factories.source(None, kind="public", address="memory")
    Ingestion(source).take_batch(Batch(posts, "1"), STANDING.listener(), NOW)


def test_within_a_watch_and_a_month_authors_can_be_counted(waterdam):
    watch_row(waterdam, "sluisbrug")
    hear(said("sluisbrug een", author=JOKE), said("sluisbrug twee", author=JOKE), said("sluisbrug drie", author=PIET))
    assert Mention.objects.count() == 3
    assert Mention.objects.values("author").distinct().count() == 2


def test_in_another_month_the_same_author_is_somebody_else(waterdam):
    watch_row(waterdam, "sluisbrug")
    hear(said("sluisbrug", author=JOKE, posted_at=NOW), said("sluisbrug", author=JOKE, posted_at=datetime(2026, 2, 27, tzinfo=UTC)))
    assert Mention.objects.values("author").distinct().count() == 2


def test_for_another_watch_and_another_town_the_same_author_is_somebody_else(waterdam, oeverloo):
    for town, words in ((waterdam, "sluisbrug"), (waterdam, "pont"), (oeverloo, "sluisbrug")):
        watch_row(town, words)
    hear(said("sluisbrug en pont", author=JOKE))
    assert Mention.objects.count() == 3
    assert Mention.objects.values("author").distinct().count() == 3


def test_an_overheard_post_is_no_addressed_one_and_its_numbers_and_accounts_are_masked(waterdam):
    watch_row(waterdam, "sluisbrug")
    hear(said("sluisbrug @piet@a.example bel 06-12345678 of mail j@terpstra.example", author=JOKE))
    row = Mention.objects.get()
    assert not Post.objects.exists()
    stored = " ".join(str(value) for value in Mention.objects.values_list().get())
    assert not [piece for piece in ("piet", "12345678", "j@terpstra", "joke", "memory://") if piece in stored]
    assert row.text == "sluisbrug [account] bel [tel.] of mail [e-mail]"


def test_the_address_opens_for_a_colleague_by_an_audited_act_alone(waterdam, sanne):
    watch_row(waterdam, "sluisbrug")
    post = said("sluisbrug")
    hear(post)
    row = Mention.objects.get()
    assert open_place(actor=factories.actor(sanne, waterdam), mention=row) == post.uri
    written = AuditRow.objects.get()
    assert (written.actor, written.action, written.subject) == (sanne.email, "mention.opened", f"mention:{row.pk}")

"""R10: everything about one's own account, proved by a code sent from it, given or erased; and heard no more on request."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from plein.channels.posts import Batch
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention
from plein_web.listening.rights import actions, workers
from plein_web.listening.standing import STANDING
from plein_web.site.privacy.holders import NotProven, found_about, watches_in
from plein_web.town.actions import emit
from tests import factories
from tests.web.listening.conftest import said, watch_row

pytestmark = [pytest.mark.requirement, pytest.mark.django_db]


@pytest.fixture
def officer(waterdam):
    person = factories.person("noor.dekker@waterdam.example", "Noor Dekker", waterdam="privacy_officer")
    return factories.actor(person, waterdam)


@pytest.fixture
def hear(waterdam):
    watch_row(waterdam, "sluisbrug", name="Brug", approved_at=timezone.now())
    source = factories.source(None, kind="public")

    def hear(*posts) -> None:
        Ingestion(source).take_batch(Batch(posts, None), STANDING.listener(), timezone.now())

    return hear


def arrives(request, **author):
    post = factories.post(request.town, text=request.code, arrived_at=timezone.now(), **author)
    emit(town=request.town, kind="post.arrived", subject=post.pk)
    workers.prove_arrived(timezone.now())
    request.refresh_from_db()


def asked(officer):
    return actions.open_request(actor=officer, kind="see", network="memory", handle="joke")


def test_nothing_is_found_for_who_does_not_prove_the_account(officer, hear):
    hear(said("De sluisbrug is dicht"))
    request = asked(officer)
    arrives(request, author_id="resident-piet", author_handle="piet")
    with pytest.raises(NotProven):
        found_about(actor=officer, request=request, now=timezone.now())


def test_who_proves_the_account_sees_all_and_which_watches_contained_it(officer, hear):
    hear(said("De sluisbrug is dicht"))
    request = asked(officer)
    arrives(request)
    found = found_about(actor=officer, request=request, now=timezone.now())
    assert len(found["posts"]) == len(found["mentions"]) == 1 and watches_in(found) == ["Brug"]


def test_nobody_else_looks(officer, sanne, waterdam):
    request = asked(officer)
    arrives(request)
    with pytest.raises(PermissionDenied):
        found_about(actor=factories.actor(sanne, waterdam), request=request, now=timezone.now())


def test_who_objected_is_dropped_before_anything_is_written(officer, hear):
    request = asked(officer)
    arrives(request)
    actions.stop_hearing(actor=officer, request=request)
    hear(said("De sluisbrug is dicht"))
    assert not Mention.objects.exists()

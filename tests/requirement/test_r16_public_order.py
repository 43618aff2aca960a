"""R16: for public order only with a mandate and advice, undirected, for days, without persons."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from plein.listening.lawful.public_order import Bar, Mandate, bars, bars_to_approval, is_undirected
from plein.listening.watching import Fault
from plein_web.listening.actions import NotAllowed, make_watch
from plein_web.listening.lawful.deciding import advise, decide_by_link, record_mandate, withdraw_mandate
from plein_web.listening.standing import live_watches
from tests import factories

pytestmark = [pytest.mark.requirement, pytest.mark.django_db]
NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
UNDIRECTED = "place:Best AND (onrust OR vechtpartij)"
SIGNED = Mandate(date(2026, 3, 12))


@pytest.mark.parametrize(
    ("query", "days", "mandate", "found"),
    [
        (UNDIRECTED, 7, SIGNED, ()),
        (UNDIRECTED, 7, None, (Bar.NO_MANDATE,)),
        (UNDIRECTED, 1, Mandate(date(2026, 3, 2)), (Bar.NO_MANDATE, Bar.TOO_LONG)),
        (UNDIRECTED, 7, Mandate(date(2026, 3, 12), withdrawn=True), (Bar.NO_MANDATE,)),
        (UNDIRECTED, 9, SIGNED, (Bar.TOO_LONG,)),
        (UNDIRECTED, 7, Mandate(date(2026, 3, 5)), (Bar.TOO_LONG,)),
        ("onrust", 7, SIGNED, (Bar.DIRECTED,)),
    ],
)
def test_what_keeps_it_from_being_asked_for(query, days, mandate, found):
    assert bars(query, NOW + timedelta(days=days), NOW, mandate) == found


@pytest.mark.parametrize("query", ["place:Best AND #opstaan", "onrust", "place:Best OR onrust", "place:Best AND link:groep.example"])
def test_what_is_aimed_at_a_group_is_no_picture_of_a_place(query):
    assert not is_undirected(query)


def test_approval_needs_the_mandate_and_the_advice():
    assert bars_to_approval(mandated=True, advised=True) == ()
    assert bars_to_approval(mandated=False, advised=False) == (Bar.NO_MANDATE, Bar.NO_ADVICE)


@pytest.fixture
def actor(sanne, waterdam):
    return factories.actor(sanne, waterdam)


@pytest.fixture
def noor(waterdam):
    who = factories.person("noor@waterdam.example", "Noor Haan", waterdam="data_protection_officer")
    return factories.actor(who, waterdam)


def words(query: str = UNDIRECTED, purpose_code: str = "public_order") -> dict:
    return {
        "name": "Onrust rond de kermis",
        "query": query,
        "purpose": "Weten of extra toezicht nodig is",
        "purpose_code": purpose_code,
        "ends_at": timezone.now() + timedelta(days=6),
        "approver_name": "Ineke Vermaat",
        "approver_email": "ineke@waterdam.example",
    }


def mandate(actor):
    until = timezone.localdate() + timedelta(days=10)
    return record_mandate(actor=actor, mayor="A. van Oeveren", reference="Z-2026-14", until=until)


def collecting() -> int:
    return len(list(live_watches(timezone.now())))


def test_it_is_off_until_the_mayor_signed(actor):
    with pytest.raises(NotAllowed) as refused:
        make_watch(actor=actor, **words())
    assert Fault.NO_MANDATE in {one.fault for one in refused.value.objections}
    mandate(actor)
    assert make_watch(actor=actor, **words())


def test_it_is_approved_only_after_advice_and_ends_with_the_mandate(actor, noor):
    signed = mandate(actor)
    terms = make_watch(actor=actor, **words()).terms.get()
    with pytest.raises(NotAllowed):
        decide_by_link(terms=terms, approved=True, name="Ineke", reason="")
    advise(actor=noor, terms=terms, text="Kan, zo kort en zonder groepen.")
    decide_by_link(terms=terms, approved=True, name="Ineke", reason="")
    assert collecting() == 1
    withdraw_mandate(actor=actor, mandate=signed)
    assert collecting() == 0


def test_persons_are_no_more_watched_for_public_order(actor):
    mandate(actor)
    with pytest.raises(NotAllowed):
        make_watch(actor=actor, **words(query="place:Best AND @jan"))


def test_only_an_administrator_records_what_the_mayor_signed(noor):
    with pytest.raises(PermissionDenied):
        mandate(noor)

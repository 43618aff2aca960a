"""R1: a watch says what for, on which article, whose, by whose approval and until when, or it collects nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from plein.listening.lawful.asking import asks_again, is_officer, is_too_near
from plein.listening.lawful.objecting import lawful_objections
from plein.listening.lawful.states import Standing, State, may_collect, state_of
from plein.listening.watching import Fault, Proposal, objections
from plein_web.listening.actions import NotAllowed, change_watch, make_watch
from plein_web.listening.lawful.deciding import decide_by_link, decide_on_screen
from plein_web.listening.models import Watch
from plein_web.listening.standing import live_watches
from tests import factories

pytestmark = [pytest.mark.requirement, pytest.mark.django_db]
NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
SANNE, INEKE = "sanne@waterdam.example", "ineke@waterdam.example"
GOOD = Proposal(
    "Glas", '"glasbak"', "Sneller legen", "public_task", SANNE, NOW + timedelta(days=90), "public_space",
    "Wet milieubeheer, artikel 10.21", NOW + timedelta(days=60), SANNE, "Ineke Vermaat", INEKE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"purpose": ""}, Fault.PURPOSE_MISSING),
        ({"legal_ground": "consent"}, Fault.GROUND_MISSING),
        ({"legal_ground": "legitimate_interest"}, Fault.GROUND_MISSING),
        ({"owner": ""}, Fault.OWNER_MISSING),
        ({"ends_at": None, "review_at": None}, Fault.END_MISSING),
        ({"ends_at": NOW, "review_at": NOW}, Fault.END_PAST),
        ({"ends_at": NOW + timedelta(days=900)}, Fault.END_TOO_FAR),
        ({"purpose_code": "curiosity"}, Fault.PURPOSE_CODE_MISSING),
        ({"article": " "}, Fault.ARTICLE_MISSING),
        ({"review_at": None}, Fault.REVIEW_MISSING),
        ({"approver_name": ""}, Fault.APPROVER_MISSING),
        ({"approver_email": ""}, Fault.APPROVER_MISSING),
        ({"approver_email": "SANNE+ja@waterdam.example"}, Fault.APPROVER_IS_OWNER),
        ({"approver_email": "fg@waterdam.example"}, Fault.APPROVER_ADVISES),
        ({"owner": "fg@waterdam.example"}, Fault.OWNER_ADVISES),
    ],
)
def test_a_watch_that_does_not_say_it_is_refused(change, fault):
    proposal = replace(GOOD, **change)
    found = (*objections(proposal, NOW), *lawful_objections(proposal, NOW, ["fg@waterdam.example"]))
    assert [one.fault for one in found] == [fault]


def test_a_watch_that_says_it_is_not_refused():
    assert not objections(GOOD, NOW) and not lawful_objections(GOOD, NOW)


DAY = timedelta(days=1)
RUNNING = Standing(NOW - DAY, NOW + 90 * DAY, NOW + 60 * DAY, NOW - DAY)


@pytest.mark.parametrize(
    ("change", "state", "collects"),
    [
        ({}, State.COLLECTING, True),
        ({"starts_at": NOW + DAY}, State.COMING, True),
        ({"approved_at": None}, State.WAITING, False),
        ({"approved_at": None, "refused_at": NOW}, State.REFUSED, False),
        ({"ends_at": NOW}, State.EXPIRED, False),
        ({"review_at": NOW}, State.REVIEW_DUE, False),
        ({"review_at": None}, State.REVIEW_DUE, False),
        ({"stopped_at": NOW}, State.STOPPED, False),
    ],
)
def test_it_collects_only_while_approved_and_neither_over_nor_due_for_review(change, state, collects):
    standing = replace(RUNNING, **change)
    assert (state_of(standing, NOW), may_collect(standing, NOW)) == (state, collects)


@pytest.mark.parametrize(
    ("change", "asks"),
    [
        ({"query": "sluis"}, True),
        ({"purpose": "Iets anders"}, True),
        ({"purpose_code": "roads"}, True),
        ({"article": "Wegenwet, artikel 16"}, True),
        ({"ends_at": NOW + 120 * DAY}, True),
        ({"ends_at": NOW + DAY}, False),
        ({"name": "Glasbakken"}, False),
    ],
)
def test_another_search_purpose_or_a_later_end_asks_again(change, asks):
    before = {name: getattr(GOOD, name) for name in ("name", "query", "purpose", "purpose_code", "article", "ends_at")}
    assert bool(asks_again(before, before | change)) is asks


def test_nobody_approves_their_own_and_officers_approve_nothing():
    assert is_too_near(" Sanne@WATERDAM.example ", (SANNE,)) and not is_too_near(INEKE, (SANNE, ""))
    assert is_officer("FG@waterdam.example", ["fg@waterdam.example"]) and not is_officer(INEKE, [])


def words(**change) -> dict:
    given = {name: getattr(GOOD, name) for name in ("name", "query", "purpose", "purpose_code", "approver_name", "approver_email")}
    return given | {"ends_at": timezone.now() + 90 * DAY} | change


@pytest.fixture
def actor(sanne, waterdam):
    return factories.actor(sanne, waterdam)


@pytest.fixture
def watch(actor) -> Watch:
    return make_watch(actor=actor, **words())


def collecting() -> list[int]:
    return [one.watch.id for one in live_watches(timezone.now()) if one.watch.id > 0]


def say(watch: Watch, approved: bool = True) -> None:
    decide_by_link(terms=watch.terms.last(), approved=approved, name="Ineke Vermaat", reason="" if approved else "Te breed")
    watch.refresh_from_db()


def test_nothing_is_collected_before_it_is_approved(watch):
    assert collecting() == []
    say(watch)
    assert collecting() == [watch.pk]
    assert watch.approved_by == f"Ineke Vermaat <{INEKE}>"
    assert watch.article == "Wet milieubeheer, artikel 10.21"


def test_what_was_refused_collects_nothing(watch):
    say(watch, approved=False)
    assert collecting() == [] and watch.refused_at


def test_a_change_waits_while_what_was_approved_goes_on(watch, actor):
    say(watch)
    change_watch(actor=actor, watch=watch, **words(query="zwerfvuil", ends_at=watch.ends_at))
    watch.refresh_from_db()
    assert watch.query == '"glasbak"' and collecting() == [watch.pk]
    say(watch)
    assert watch.query == "zwerfvuil"


def test_a_change_that_is_refused_leaves_what_was_approved(watch, actor):
    say(watch)
    change_watch(actor=actor, watch=watch, **words(query="zwerfvuil", ends_at=watch.ends_at))
    say(watch, approved=False)
    assert watch.query == '"glasbak"' and collecting() == [watch.pk]


@pytest.mark.parametrize("over", ["ends_at", "review_at"])
def test_it_stops_by_itself_at_its_end_and_at_a_review_that_nobody_did(watch, over):
    say(watch)
    (running,) = live_watches(timezone.now())
    assert running.watch.ends_at == min(watch.ends_at, watch.review_at)
    Watch.objects.update(**{over: timezone.now()})
    assert collecting() == []


def test_the_maker_approves_it_neither_on_the_screen_nor_with_the_link(watch, actor):
    with pytest.raises(PermissionDenied):
        decide_on_screen(actor=actor, terms=watch.terms.last(), approved=True, reason="")
    with pytest.raises(PermissionDenied):
        decide_by_link(terms=watch.terms.last(), approved=True, name="Ineke", reason="", visitor=actor.person)
    assert collecting() == []


def test_another_administrator_approves_on_the_screen(watch, waterdam):
    els = factories.person("els@waterdam.example", "Els Kuiper", waterdam="administrator")
    decide_on_screen(actor=factories.actor(els, waterdam), terms=watch.terms.last(), approved=True, reason="")
    assert collecting() == [watch.pk]


@pytest.mark.parametrize("role", ["privacy_officer", "data_protection_officer"])
def test_an_officer_is_not_asked_to_approve(actor, role):
    factories.person("fg@waterdam.example", "Noor Haan", waterdam=role)
    with pytest.raises(NotAllowed):
        make_watch(actor=actor, **words(approver_email="fg@waterdam.example"))


def test_who_became_an_officer_meanwhile_no_longer_approves(watch):
    factories.person(INEKE, "Ineke Vermaat", waterdam="data_protection_officer")
    with pytest.raises(PermissionDenied):
        say(watch)

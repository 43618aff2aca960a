"""The inbox list: who sees what, in how many questions, and whatever residents wrote."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from plein.town.words import search_line
from plein_web.channels.models import Outgoing, Source
from plein_web.inbox.models import Answer, Conversation, Draft
from plein_web.inbox.shown import network_name
from tests import factories

# Session, person, roles and towns (frame), role (view), stops, count in the rail,
# hearing, what got stuck, three tabs, the rows, my drafts, the newest event, and last_town in the session (three).
MOST_QUESTIONS = 18


@pytest.fixture
def channel(waterdam):
    made = factories.channel(waterdam)
    factories.source(waterdam, channel=made, last_ok_at=timezone.now())
    return made


def page(client, query: str = "", slug: str = "waterdam") -> str:
    answer = client.get(f"/{slug}/inbox/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def rows(html: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'data-row="(\d+)"', html)]


def test_owner_colleague_and_stranger(client, channel, waterdam, sanne, femke, daan):
    factories.conversation(waterdam, channel=channel, texts=("De brug is stuk",))
    for person, status in ((sanne, 200), (femke, 200), (daan, 404)):
        client.force_login(person)
        assert client.get("/waterdam/inbox/").status_code == status
    client.logout()
    assert client.get("/waterdam/inbox/").status_code == 302


def test_a_draft_of_mine_is_marked_in_the_list(client, channel, waterdam, sanne, femke):
    talk = factories.conversation(waterdam, channel=channel)
    Draft.objects.create(conversation=talk, person=sanne, text="Half antw")
    client.force_login(sanne)
    assert ">Concept</span>" in page(client)
    client.force_login(femke)
    assert ">Concept</span>" not in page(client)
    client.force_login(sanne)
    Draft.objects.update(text="")
    assert ">Concept</span>" not in page(client)


def test_a_person_with_two_towns_sees_in_each_only_what_is_theirs(sign_in, sanne, waterdam, oeverloo):
    ours = factories.conversation(waterdam, texts=("Waterdam",))
    theirs = factories.conversation(oeverloo, texts=("Oeverloo",))
    client = sign_in(sanne)
    assert rows(page(client)) == [ours.pk]
    assert rows(page(client, slug="oeverloo")) == [theirs.pk]
    assert rows(page(client, "?q=oeverloo")) == []


def test_fifty_rows_cost_no_more_questions_than_one(
    sign_in, sanne, femke, channel, waterdam, django_assert_max_num_queries
):
    client = sign_in(sanne)
    for number in range(60):
        made = factories.conversation(waterdam, channel=channel, texts=(f"Bericht {number}",), assignee=femke)
        sent = factories.outgoing(channel, state="refused", reply_to=made.entries.get().post)
        Answer.objects.create(conversation=made, outgoing=sent)
    with django_assert_max_num_queries(MOST_QUESTIONS):
        html = page(client)
    assert len(rows(html)) == 50
    with django_assert_max_num_queries(10):
        client.get("/waterdam/inbox/", headers={"hx-request": "true", "hx-target": "list"})


def test_the_list_goes_on_below_the_last_row_without_losing_or_doubling_one(sign_in, sanne, channel, waterdam):
    at = timezone.now()
    made = [
        factories.conversation(waterdam, channel=channel, last_post_at=at - timedelta(minutes=n // 3)).pk
        for n in range(120)
    ]
    client, seen, query = sign_in(sanne), [], ""
    while True:
        html = page(client, query)
        seen += rows(html)
        older = re.search(r'href="/waterdam/inbox/(\?[^"]*before=[^"]*)"', html)
        if not older:
            break
        query = older[1].replace("&amp;", "&")
    assert sorted(seen) == sorted(made)
    assert len(seen) == len(set(seen))


def test_each_tab_holds_its_own(sign_in, sanne, femke, channel, waterdam):
    todo = factories.conversation(waterdam, channel=channel)
    mine = factories.conversation(waterdam, channel=channel, assignee=sanne, status="waiting")
    hers = factories.conversation(waterdam, channel=channel, assignee=femke, status="waiting")
    done = factories.conversation(waterdam, channel=channel, assignee=sanne, status="done")
    client = sign_in(sanne)
    assert rows(page(client)) == [todo.pk]
    assert rows(page(client, "?tab=mine")) == [mine.pk]
    assert set(rows(page(client, "?tab=waiting"))) == {mine.pk, hers.pk}
    assert rows(page(client, "?tab=done")) == [done.pk]
    assert rows(page(client, "?tab=nonsense&before=nonsense")) == [todo.pk]


def test_a_row_says_in_words_what_is_the_matter(sign_in, sanne, femke, channel, waterdam):
    made = factories.conversation(waterdam, channel=channel, assignee=femke, private=True, edited=True, unseen=3)
    sent = factories.outgoing(channel, state="unknown", reply_to=made.entries.get().post)
    Answer.objects.create(conversation=made, outgoing=sent)
    html = page(sign_in(sanne))
    for word in ("3 nieuw", "Privé", "bewerkt", "Uitkomst onbekend", "FV"):
        assert word in html
    Outgoing.objects.update(state="refused")
    assert "Niet verstuurd" in page(sign_in(sanne))


def test_days_are_named(sign_in, sanne, channel, waterdam):
    now = timezone.now()
    for days in (0, 1, 5):
        factories.conversation(waterdam, channel=channel, last_post_at=now - timedelta(days=days))
    html = page(sign_in(sanne))
    groups = re.findall(r'<h2 class="group">([^<]+)</h2>', html)
    assert groups[:2] == ["Vandaag", "Gisteren"]
    assert re.fullmatch(r"[A-Z][a-z]+dag \d+ [a-z]+", groups[2])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("brug", {"brug", "bruggen"}),
        ("Brug", {"brug", "bruggen"}),
        ("brug dicht", {"brug"}),
        ("caf", {"cafe"}),
        ("café", {"cafe"}),
        ("joke ter", {"brug", "bruggen", "cafe", "straat"}),
        ("niets daarvan", set()),
        ('"brug', {"brug", "bruggen"}),
        ("brug*' OR 1=1 --", set()),
        ("-", {"brug", "bruggen", "cafe", "straat"}),
    ],
)
def test_search_finds_the_same_on_every_database(sign_in, sanne, channel, waterdam, oeverloo, asked, found):
    texts = {
        "brug": "De brug is dicht",
        "bruggen": "Alle bruggen open",
        "cafe": "Herrie bij het Café",
        "straat": "Gat in de straat",
    }
    made = {}
    for name, text in texts.items():
        one = factories.conversation(waterdam, channel=channel, texts=(text,))
        one.entries.get().post.__class__.objects.filter(entry__conversation=one).update(
            search=search_line(waterdam.pk, text, "Joke Terpstra")
        )
        made[one.pk] = name
    other = factories.conversation(oeverloo, texts=("De brug is dicht",))
    other.entries.get().post.__class__.objects.filter(entry__conversation=other).update(
        search=search_line(oeverloo.pk, "De brug is dicht")
    )
    html = page(sign_in(sanne), f"?q={asked}")
    assert {made[pk] for pk in rows(html)} == found


def test_an_empty_inbox_says_what_to_do_next(sign_in, sanne, waterdam, oeverloo, channel):
    client = sign_in(sanne)
    assert "Niemand wacht op antwoord" in page(client)
    html = page(client, slug="oeverloo")
    assert "Nog geen kanaal" in html
    assert "/oeverloo/channels/connect/" in html


def test_a_silent_network_is_named_with_the_time_until_which_the_list_is_right(sign_in, sanne, waterdam, channel):
    Source.objects.update(failures=4, last_ok_at=timezone.now() - timedelta(minutes=40))
    html = page(sign_in(sanne))
    assert "Oefenplein is stil sinds" in html
    assert "Wat je ziet, klopt tot dan." in html


def test_nothing_a_resident_writes_becomes_markup(sign_in, sanne, channel, waterdam):
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    factories.conversation(waterdam, channel=channel, texts=(evil,), resident=evil, snippet=evil, title=evil)
    for address in ("", "?q=<script>alert(1)</script>", f"?tab={evil}", f"?before={evil}", f"?focus={evil}"):
        html = page(sign_in(sanne), address)
        assert "<script>alert" not in html
        assert "<img" not in html


def test_a_list_of_thousands_counts_no_further_than_a_hundred(sign_in, sanne, channel, waterdam):
    now = timezone.now()
    Conversation.objects.bulk_create(
        Conversation(
            town=waterdam, channel=channel, network_code="memory", root_uri=f"memory:{n}", title="t", resident="r",
            snippet="s", last_post_at=now - timedelta(seconds=n),
        )
        for n in range(1200)
    )  # fmt: skip
    assert "99+" in page(sign_in(sanne))


def test_a_network_is_called_what_the_reader_calls_it_whoever_read_before():
    with translation.override("nl"):
        assert network_name("manual") == "Handmatig"
    with translation.override("en"):
        assert (network_name("manual"), network_name("gone")) == ("By hand", "gone")

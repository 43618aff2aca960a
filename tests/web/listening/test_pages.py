"""The pages of listening: for the owner, a colleague, and a stranger from another town."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plein.channels.posts import Batch
from plein_web.channels.models import Post
from plein_web.listening.ingest import Ingestion
from plein_web.listening.models import Mention, Watch
from plein_web.listening.standing import STANDING
from plein_web.town.models import AuditRow, Event
from tests import factories
from tests.web.listening.conftest import approve, said, watch_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def sanne_in(sign_in, sanne):
    return sign_in(sanne)


@pytest.fixture
def heard(brug, everywhere):
    """Three messages of today, oldest first."""
    now = timezone.now()
    posts = [said(f"De Sluisbrug is dicht, {n}e keer", posted_at=now - timedelta(minutes=9 - n)) for n in range(3)]
    Ingestion(everywhere).take_batch(Batch(tuple(posts), "1"), STANDING.listener(), now)
    return list(Mention.objects.order_by("id"))


def given(**change) -> dict:
    end = timezone.localdate() + timedelta(days=30)
    return {
        "name": "Zwerfvuil",
        "how": "query",
        "query": 'zwerfvuil OR "volle prullenbak"',
        "purpose": "Sneller opruimen",
        "purpose_code": "public_space",
        "approver_name": "Ineke Vermaat",
        "approver_email": "ineke.vermaat@waterdam.example",
        "ends_on": end.isoformat(),
    } | change


def page(client, name: str, *args) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_room_says_what_to_do_next(sanne_in, waterdam):
    shown = page(sanne_in, "listening", "waterdam")
    assert reverse("watch_new", args=["waterdam"]) in shown
    assert reverse("sources", args=["waterdam"]) in shown


def test_the_owner_sees_watches_with_their_figures(sanne_in, heard, brug):
    shown = page(sanne_in, "listening", "waterdam")
    assert "Sluisbrug" in shown
    assert "<svg" in shown
    assert reverse("watch", args=["waterdam", brug.pk]) in shown


def test_a_watch_shows_what_it_heard_with_the_words_that_brought_it(sanne_in, heard, brug):
    shown = page(sanne_in, "watch", "waterdam", brug.pk)
    assert shown.count("<mark>Sluisbrug</mark>") == 3
    assert shown.index("2e keer") < shown.index("0e keer"), "the newest first"
    assert "Vragen van inwoners beantwoorden" in shown
    assert "<details" in shown and "<table" in shown
    assert "resident-joke" not in shown


def test_an_open_page_fetches_only_what_was_heard(sanne_in, heard, brug):
    address = reverse("watch", args=["waterdam", brug.pk])
    shown = sanne_in.get(address, headers={"HX-Request": "true", "HX-Target": "heard"}).content.decode()
    assert shown.strip().startswith('<div id="heard"')
    assert f'data-newest="{heard[-1].pk}"' in shown
    assert shown.count("<mark>") == 3
    assert "<html" not in shown


def test_nothing_in_a_page_needs_a_loose_style_or_script(sanne_in, heard, brug):
    for name, args in (("listening", []), ("watch", [brug.pk]), ("watch_new", []), ("watch_change", [brug.pk])):
        shown = page(sanne_in, name, "waterdam", *args)
        assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*src=)", shown)


def test_the_wide_chart_names_its_days_and_colours_those_above_the_average(sanne_in, brug, everywhere):
    now = timezone.localtime().replace(hour=0, minute=0)
    days = [now - timedelta(days=back) for back, times in ((0, 6), (1, 1), (2, 5), (9, 2)) for _ in range(times)]
    posts = [said(f"sluisbrug {n}", posted_at=day) for n, day in enumerate(days)]
    Ingestion(everywhere).take_batch(Batch(tuple(posts), "1"), STANDING.listener(), timezone.now())
    wide = page(sanne_in, "watch", "waterdam", brug.pk).split('class="chart chart--wide"')[1].split("</div>")[0]
    assert [int(count) for count in re.findall(r"<rect class=\"busy\".*?<text[^>]*>(\d+)<", wide)] == [2, 5, 6]
    names = ["ma", "di", "wo", "do", "vr", "za", "zo"]
    for back in (0, 13):
        day = now - timedelta(days=back)
        assert f">{names[day.weekday()]} {day.day}</text>" in wide
    assert wide.count("<text") == 28


def test_of_a_few_messages_no_day_is_called_busy(sanne_in, heard, brug):
    shown = page(sanne_in, "watch", "waterdam", brug.pk)
    assert 'class="busy"' not in shown
    assert "gemiddelde" not in shown


def test_an_open_page_asks_for_what_came_after_it_was_made(sanne_in, heard, brug):
    shown = page(sanne_in, "watch", "waterdam", brug.pk)
    assert f'data-seen="{Event.objects.latest("id").pk}"' in shown


def test_the_words_of_a_mention_are_shown_as_text(sanne_in, brug, everywhere):
    post = said("sluisbrug <script>alert(1)</script> <b>dicht</b>", posted_at=timezone.now())
    Ingestion(everywhere).take_batch(Batch((post,), "1"), STANDING.listener(), timezone.now())
    shown = page(sanne_in, "watch", "waterdam", brug.pk)
    assert "<script>alert" not in shown
    assert "&lt;b&gt;dicht&lt;/b&gt;" in shown


def test_messages_can_be_searched_and_paged(sanne_in, brug, everywhere):
    now = timezone.now()
    posts = [said(f"sluisbrug nummer{n:03}", posted_at=now - timedelta(minutes=n)) for n in range(60)]
    Ingestion(everywhere).take_batch(Batch(tuple(posts), "1"), STANDING.listener(), now)
    address = reverse("watch", args=["waterdam", brug.pk])
    first = sanne_in.get(address).content.decode()
    assert first.count("nummer0") == 50
    older = re.search(r'href="\?q=&(?:amp;)?before=([^"]+)"', first)[1]
    second = sanne_in.get(address, {"before": older}).content.decode()
    assert second.count("nummer0") == 10
    assert "nummer059" in second
    found = sanne_in.get(address, {"q": "nummer007"}).content.decode()
    assert found.count("nummer007") == 2, "in the list and in the field"
    assert sanne_in.get(address, {"q": "onvindbaar", "before": "kapot"}).status_code == 200


def test_a_watch_is_made_with_everything_it_needs(sanne_in, waterdam):
    response = sanne_in.post(reverse("watch_new", args=["waterdam"]), given())
    made = Watch.objects.get()
    assert response.url == reverse("watch", args=["waterdam", made.pk])
    assert made.query == 'zwerfvuil OR "volle prullenbak"'
    assert made.owner.email == "sanne.bos@waterdam.example"
    assert timezone.localtime(made.ends_at).hour == 0
    assert AuditRow.objects.get(action="watch.made").details["query"] == 'zwerfvuil OR "volle prullenbak"'
    assert Event.objects.get(kind="watch.changed").subject == made.pk


@pytest.mark.parametrize("field", ["name", "query", "purpose", "purpose_code", "approver_name", "approver_email", "ends_on"])
def test_what_is_missing_is_asked_for_and_what_was_written_is_kept(sanne_in, waterdam, field):
    response = sanne_in.post(reverse("watch_new", args=["waterdam"]), given(**{field: ""}))
    shown = response.content.decode()
    assert response.status_code == 200
    assert f'id="id_{field}_error"' in shown
    assert field == "purpose" or "Sneller opruimen" in shown
    assert not Watch.objects.exists()


def test_everything_that_is_wrong_is_told_at_once(sanne_in, waterdam):
    response = sanne_in.post(
        reverse("watch_new", args=["waterdam"]), given(name="", query="@jan OR het", ends_on="2020-01-01")
    )
    shown = response.content.decode()
    for field in ("name", "query"):
        assert f'id="id_{field}_error"' in shown
    response = sanne_in.post(reverse("watch_new", args=["waterdam"]), given(ends_on="2020-01-01"))
    assert 'id="id_ends_on_error"' in response.content.decode()
    assert not Watch.objects.exists()


def test_a_person_is_refused_in_plain_words(sanne_in, waterdam, sanne):
    response = sanne_in.post(reverse("watch_new", args=["waterdam"]), given(query="@jan OR zwerfvuil"))
    shown = response.content.decode()
    assert "luistert niet naar mensen" in shown or "does not listen to people" in shown
    assert not Watch.objects.exists()


def test_a_query_is_tried_on_what_we_hold_while_it_is_typed(sanne_in, heard, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        shown = sanne_in.post(reverse("query_check", args=["waterdam"]), {"query": "sluisbrug"}).content.decode()
    assert "<mark>" in shown and 'class="q q--word"' in shown
    nothing = sanne_in.post(reverse("query_check", args=["waterdam"]), {"query": "kanariepietje"}).content.decode()
    assert "<mark>" not in nothing and 'class="q q--word"' in nothing


def test_what_residents_wrote_to_us_is_tried_too_and_nobody_is_recognisable(sign_in, sanne, waterdam):
    factories.conversation(waterdam, texts=("De pont is dicht, zegt @jan@plein.example",))
    Post.objects.update(posted_at=timezone.now())
    shown = sign_in(sanne).post(reverse("query_check", args=["waterdam"]), {"query": "pont"}).content.decode()
    assert "<mark>pont</mark>" in shown and "@jan" not in shown


def test_a_mistake_in_a_query_is_told_with_what_to_make_of_it(sanne_in, waterdam, sanne):
    shown = sanne_in.post(reverse("query_check", args=["waterdam"]), {"query": "taal:nederlands brug"}).content.decode()
    assert "remark--stop" in shown
    told = sanne_in.post(reverse("query_check", args=["waterdam"]), {"query": "brug and dicht"}).content.decode()
    assert 'name="mend" value="brug EN dicht"' in told


def test_a_suggestion_is_taken_without_keeping_the_watch(sanne_in, waterdam, sanne):
    page = sanne_in.post(reverse("watch_new", args=["waterdam"]), given(query="brug and dicht", mend="brug AND dicht"))
    shown = page.content.decode()
    assert "brug AND dicht</textarea>" in shown and "Zwerfvuil" in shown
    assert not Watch.objects.exists()


def test_without_javascript_a_button_shows_what_a_query_catches(sanne_in, heard):
    page = sanne_in.post(reverse("watch_new", args=["waterdam"]), given(query="sluisbrug", look=""))
    assert "<mark>" in page.content.decode()
    assert Watch.objects.count() == 1


def in_form(**change) -> dict:
    return given(how="lines", query="") | {"places": "Best", "any_of": "zwerfvuil\nvolle prullenbak", **change}


def test_a_watch_is_made_with_a_form_instead_of_a_query(sanne_in, waterdam, sanne):
    sanne_in.post(reverse("watch_new", args=["waterdam"]), in_form(none_of="kunst"))
    assert Watch.objects.get().query == 'plaats:Best EN (zwerfvuil OF "volle prullenbak") EN NIET kunst'


def test_what_is_wrong_in_a_form_is_told_at_its_field(sanne_in, waterdam, sanne):
    shown = sanne_in.post(reverse("watch_new", args=["waterdam"]), in_form(all_of="@jan")).content.decode()
    assert 'id="id_all_of_error"' in shown
    empty = sanne_in.post(reverse("watch_new", args=["waterdam"]), in_form(places="", any_of="")).content.decode()
    assert 'id="id_any_of_error"' in empty
    assert not Watch.objects.exists()


def test_a_form_becomes_a_query_and_a_query_a_form(sanne_in, waterdam, sanne):
    address = reverse("watch_new", args=["waterdam"])
    as_query = sanne_in.post(address, in_form(how_now="query")).content.decode()
    assert "plaats:Best EN (zwerfvuil OF &#34;volle prullenbak&#34;)</textarea>" in as_query
    as_form = sanne_in.post(address, given(query="brug NOT klas", how_now="lines")).content.decode()
    assert ">\nbrug</textarea>" in as_form and ">\nklas</textarea>" in as_form
    stays = sanne_in.post(address, given(query="brug NEAR/3 dicht", how_now="lines")).content.decode()
    assert "brug NEAR/3 dicht</textarea>" in stays
    assert not Watch.objects.exists()


def test_who_may_not_write_watches_cannot_try_queries(sign_in, daan, oeverloo, waterdam):
    client = sign_in(daan)
    assert client.post(reverse("query_check", args=["oeverloo"]), {"query": "brug"}).status_code == 403
    assert client.post(reverse("query_check", args=["waterdam"]), {"query": "brug"}).status_code == 404


def test_a_watch_can_be_changed_and_stopped(sanne_in, brug):
    sanne_in.post(reverse("watch_change", args=["waterdam", brug.pk]), given(query="pont"))
    approve(brug)
    assert (brug.name, brug.query) == ("Zwerfvuil", "pont")
    sanne_in.post(reverse("watch_stop", args=["waterdam", brug.pk]))
    brug.refresh_from_db()
    assert brug.stopped_at is not None
    assert [row.action for row in AuditRow.objects.order_by("id")] == ["watch.asked_again", "watch.approved", "watch.stopped"]


def test_a_stopped_watch_is_not_changed_as_if_it_still_searched(sanne_in, brug):
    address = reverse("watch_change", args=["waterdam", brug.pk])
    assert address in page(sanne_in, "watch", "waterdam", brug.pk)
    sanne_in.post(reverse("watch_stop", args=["waterdam", brug.pk]))
    assert address not in page(sanne_in, "watch", "waterdam", brug.pk)
    told = sanne_in.post(address, given(), follow=True).content.decode()
    assert "Deze zoekopdracht is gestopt" in told
    assert "Vanaf nu zoeken we zo" not in told
    brug.refresh_from_db()
    assert brug.name != "Zwerfvuil"


def test_sources_are_named_in_words(sanne_in, brug, waterdam):
    factories.source(waterdam, network_code="bluesky", kind="jetstream")
    shown = page(sanne_in, "watch", "waterdam", brug.pk)
    assert "Bluesky: Alle openbare berichten" in shown
    assert ": jetstream" not in shown


def test_a_stopped_watch_hears_nothing_from_that_moment(sanne_in, brug, everywhere, monkeypatch):
    monkeypatch.setattr("plein_web.listening.standing.LOOK_SECONDS", 0.0)
    ingestion = Ingestion(everywhere)
    ingestion.take_batch(Batch((said("sluisbrug een"),), "1"), STANDING.listener(), timezone.now())
    sanne_in.post(reverse("watch_stop", args=["waterdam", brug.pk]))
    ingestion.take_batch(Batch((said("sluisbrug twee"),), "2"), STANDING.listener(), timezone.now())
    sanne_in.post(reverse("watch_new", args=["waterdam"]), given())
    approve(Watch.objects.latest("id"))
    ingestion.take_batch(Batch((said("zwerfvuil"),), "3"), STANDING.listener(), timezone.now())
    assert list(Mention.objects.order_by("id").values_list("text", flat=True)) == ["sluisbrug een", "zwerfvuil"]


def test_where_a_mention_stands_is_told_and_written_down(sanne_in, heard):
    address = reverse("mention_open", args=["waterdam", heard[0].pk])
    assert sanne_in.get(address).status_code == 405
    shown = sanne_in.post(address).content.decode()
    assert "memory://square/overheard/" in shown
    row = AuditRow.objects.get(action="mention.opened")
    assert row.actor == "sanne.bos@waterdam.example"
    assert "memory://" not in str(row.details)


def test_a_colleague_reads_and_finds_no_button_that_is_not_hers(sign_in, femke, heard, brug):
    client = sign_in(femke)
    assert reverse("watch_new", args=["waterdam"]) not in page(client, "listening", "waterdam")
    assert "<mark>" in page(client, "watch", "waterdam", brug.pk)
    assert client.get(reverse("watch_new", args=["waterdam"])).status_code == 403
    for name in ("watch_change", "watch_stop"):
        assert client.post(reverse(name, args=["waterdam", brug.pk]), given()).status_code == 403
    assert client.post(reverse("mention_open", args=["waterdam", heard[0].pk])).status_code == 200


def test_a_reader_has_no_business_here(sign_in, daan):
    assert sign_in(daan).get(reverse("listening", args=["oeverloo"])).status_code == 403


def test_a_stranger_finds_nothing(sign_in, daan, heard, brug):
    client = sign_in(daan)
    for name, args in (("listening", []), ("watch", [brug.pk]), ("watch_new", []), ("watch_change", [brug.pk])):
        assert client.get(reverse(name, args=["waterdam", *args])).status_code == 404
    for name, pk in (("watch_stop", brug.pk), ("mention_open", heard[0].pk)):
        assert client.post(reverse(name, args=["waterdam", pk])).status_code == 404


def test_a_watch_is_not_found_by_way_of_another_town(sanne_in, heard, brug, oeverloo):
    for name in ("watch", "watch_change"):
        assert sanne_in.get(reverse(name, args=["oeverloo", brug.pk])).status_code == 404
    assert sanne_in.post(reverse("watch_stop", args=["oeverloo", brug.pk])).status_code == 404
    assert sanne_in.post(reverse("mention_open", args=["oeverloo", heard[0].pk])).status_code == 404


def test_who_is_not_signed_in_is_asked_to(client, brug):
    response = client.get(reverse("watch", args=["waterdam", brug.pk]))
    assert response.status_code == 302
    assert "/sign-in/" in response.url


def test_the_number_of_questions_to_the_database_does_not_grow(sanne_in, heard, brug, waterdam):
    address = reverse("watch", args=["waterdam", brug.pk])
    sanne_in.get(address)
    with CaptureQueriesContext(
        connection,
    ) as few:
        sanne_in.get(address)
    for number in range(8):
        watch_row(waterdam, f"woord{number}")
        factories.source(waterdam, kind="hashtag", address=f"#woord{number}")
    with CaptureQueriesContext(connection) as many:
        sanne_in.get(address)
    assert len(many) == len(few) <= 18

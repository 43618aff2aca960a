"""A conversation on its page: the tree, the composer, what happens to an answer. Without JavaScript."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from plein_web.channels.models import Outgoing, Post, PostVersion, SendHold
from plein_web.inbox.models import Answer, Conversation, Draft
from tests import factories

MOST_QUESTIONS = 24
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def channel(waterdam, square_address):
    return factories.memory_channel(waterdam, square_address, handle="waterdam")


@pytest.fixture
def talk(waterdam, channel):
    return factories.conversation(waterdam, channel=channel, texts=("Wanneer gaat de brug open?", "En voor fietsers?"))


class Hostile(HTMLParser):
    """Reads a page as a browser does and notes whatever could run, load or restyle something."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def found_in(cls, html: str) -> list[str]:
        reader = cls()
        reader.feed(html)
        return reader.found

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag in ("img", "style", "iframe", "object", "base") or (
            tag == "script" and not named.get("src", "").startswith("/static/")
        ):
            self.found.append(tag)
        for name, value in attrs:
            addressed = name in ("href", "src", "action", "formaction", "xlink:href")
            if (
                name.startswith("on")
                or name == "style"
                or (addressed and re.match(r"\s*(javascript|data|vbscript):", value or ""))
            ):
                self.found.append(f"{tag} {name}")


def address(talk: Conversation, part: str = "") -> str:
    return f"/{talk.town.slug}/inbox/{talk.pk}/{part}"


def page(client, talk: Conversation, query: str = "") -> str:
    answer = client.get(address(talk) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def last(talk: Conversation) -> Post:
    return Post.objects.filter(entry__conversation=talk).latest("posted_at")


def chosen(html: str) -> int:
    return int(re.search(r'name="post" value="(\d+)" checked', html)[1])


def answer(client, talk: Conversation, **fields):
    values = {"post": last(talk).pk, "text": "Morgen om 9 uur.", **fields}
    return client.post(address(talk, "answer/"), values)


def sent(talk: Conversation, state: str, **fields) -> Outgoing:
    made = factories.outgoing(talk.channel, state=state, reply_to=last(talk), text="Morgen om 9 uur.", **fields)
    Answer.objects.create(conversation=talk, outgoing=made)
    return made


# Who may see and do what.


def test_owner_colleague_and_stranger_read(client, talk, sanne, femke, daan):
    for person, status in ((sanne, 200), (femke, 200), (daan, 404)):
        client.force_login(person)
        assert client.get(address(talk)).status_code == status
    client.logout()
    assert client.get(address(talk)).status_code == 302


@pytest.mark.parametrize("part", ["answer/", "draft/", "preview/", "write/", "status/", "assign/", "sending/1/"])
def test_a_stranger_and_a_reader_change_nothing(client, talk, daan, waterdam, part):
    values = {"post": last(talk).pk, "text": "Nee", "to": "done", "person": daan.pk, "do": "again"}
    client.force_login(daan)
    assert client.post(address(talk, part), values).status_code == 404
    reader = factories.person("lezer@waterdam.example", "Lies Lezer", waterdam="reader")
    client.force_login(reader)
    assert client.post(address(talk, part), values).status_code == 403
    talk.refresh_from_db()
    assert (talk.status, talk.assignee_id) == ("open", None)
    assert not Outgoing.objects.exists()
    assert not Draft.objects.exists()


def test_a_reader_sees_everything_and_no_button_that_acts(client, talk, waterdam):
    sent(talk, "refused", words="Te lang")
    client.force_login(factories.person("lezer@waterdam.example", "Lies Lezer", waterdam="reader"))
    html = page(client, talk)
    assert "Je kijkt mee" in html
    assert "En voor fietsers?" in html
    assert "<textarea" not in html
    inside = html.split('<section class="pane pane--main')[1].split("<dialog")[0]
    assert "<form" not in inside


def test_another_towns_conversation_does_not_exist_under_this_towns_address(sign_in, sanne, talk, oeverloo):
    client = sign_in(sanne)
    assert client.get(f"/oeverloo/inbox/{talk.pk}/").status_code == 404
    assert client.post(f"/oeverloo/inbox/{talk.pk}/status/", {"to": "done"}).status_code == 404


def test_a_long_thread_costs_no_more_questions_than_a_short_one(
    sign_in, sanne, waterdam, channel, django_assert_max_num_queries
):
    talk = factories.conversation(waterdam, channel=channel, texts=tuple(f"Bericht {n}" for n in range(80)))
    for post in Post.objects.filter(entry__conversation=talk)[:20]:
        PostVersion.objects.create(post=post, text="Eerder", version_at=post.posted_at - timedelta(minutes=1))
    Post.objects.filter(entry__conversation=talk).update(versions=2)
    for _ in range(5):
        sent(talk, "sent", settled_at=timezone.now())
    client = sign_in(sanne)
    with django_assert_max_num_queries(MOST_QUESTIONS):
        page(client, talk)


# The tree.


def test_an_edited_post_keeps_its_first_version_at_hand(sign_in, sanne, talk):
    post = last(talk)
    PostVersion.objects.create(post=post, text="En voor auto's?", version_at=post.posted_at - timedelta(minutes=1))
    Post.objects.filter(pk=post.pk).update(versions=2)
    html = page(sign_in(sanne), talk)
    assert "bewerkt, zie eerste versie" in html
    assert "En voor auto&#39;s?" in html


def test_of_a_deleted_post_only_the_place_is_left(sign_in, sanne, talk):
    post = last(talk)
    Post.objects.filter(pk=post.pk).update(deleted_at=timezone.now())
    html = page(sign_in(sanne), talk)
    assert "Een reactie is door de inwoner verwijderd" in html
    assert "En voor fietsers?" not in html.split('id="thread"')[1].split("<form")[0]
    assert chosen(html) != post.pk


def test_a_post_whose_parent_we_never_saw_says_so(sign_in, sanne, waterdam, channel):
    talk = factories.conversation(waterdam, channel=channel)
    Post.objects.update(parent_uri="https://elders.example/weg")
    assert "Dit antwoordt op een bericht dat we niet kennen." in page(sign_in(sanne), talk)


def test_a_warning_folds_the_text_and_a_picture_is_a_described_link(sign_in, sanne, talk):
    picture = {"url": "https://beeld.example/1.jpg", "media_type": "image/jpeg", "alt": "Een kapotte brug"}
    bare = {"url": "javascript:alert(1)", "media_type": "image/png", "alt": ""}
    found = {"content_warning": "Schrik", "attachments": [picture, bare], "network_code": "mastodon"}
    Post.objects.filter(pk=last(talk).pk).update(**found)
    html = page(sign_in(sanne), talk)
    assert re.search(r"<details[^>]*warned.*Schrik", html)
    link = '<a href="https://beeld.example/1.jpg" target="_blank" rel="noopener noreferrer nofollow ugc">Foto</a>'
    assert link in html
    assert "Een kapotte brug" in html
    assert "zonder beschrijving" in html
    assert "<img" not in html
    assert "javascript:" not in html


def test_what_stands_on_the_practice_square_has_no_address_on_the_web(sign_in, sanne, talk):
    picture = {"url": "https://oefenplein.example/media/1", "media_type": "image/jpeg", "alt": "Een kapotte brug"}
    url = "https://oefenplein.example/@joke/1"
    Post.objects.filter(entry__conversation=talk).update(attachments=[picture], url=url)
    html = page(sign_in(sanne), talk)
    assert "Een kapotte brug" in html
    assert 'href="https://oefenplein.example' not in html
    Post.objects.filter(entry__conversation=talk).update(network_code="mastodon")
    html = page(sign_in(sanne), talk)
    assert f'<a class="post__time" href="{url}" target="_blank" rel="noopener noreferrer"' in html


def test_nothing_from_outside_becomes_markup(sign_in, sanne, talk):
    everything = {
        "text": EVIL, "markup": f"<p onclick='alert(1)'>Hoi {EVIL}<a href='javascript:alert(1)' onclick='x'>a</a></p><style>*{{}}</style>",
        "title": EVIL, "content_warning": EVIL, "language": EVIL[:16], "author_name": EVIL, "author_handle": EVIL,
        "url": "javascript:alert(1)", "attachments": [{"url": "data:text/html,x", "alt": EVIL, "media_type": EVIL}, EVIL],
    }  # fmt: skip
    Post.objects.filter(entry__conversation=talk).update(**everything)
    Conversation.objects.update(title=EVIL[:160], resident=EVIL, snippet=EVIL)
    sent(talk, "refused", words=EVIL)
    talk.channel.name = EVIL
    talk.channel.save()
    client = sign_in(sanne)
    client.post(address(talk, "draft/"), {"text": EVIL})
    for html in (
        page(client, talk),
        client.post(
            address(talk, "preview/"), {"post": last(talk).pk, "text": EVIL, "content_warning": EVIL}
        ).content.decode(),
    ):
        assert Hostile.found_in(html) == []


# The composer.


def test_the_newest_message_of_the_resident_is_the_one_you_answer(sign_in, sanne, talk):
    client = sign_in(sanne)
    assert chosen(page(client, talk)) == last(talk).pk
    first = Post.objects.filter(entry__conversation=talk).earliest("posted_at")
    assert chosen(page(client, talk, f"?to={first.pk}")) == first.pk


def test_an_answer_goes_out_and_stands_in_the_tree_at_once(sign_in, sanne, talk, waterdam):
    client = sign_in(sanne)
    client.post(address(talk, "draft/"), {"text": "Morgen"})
    answered = answer(client, talk)
    made = Outgoing.objects.get()
    assert answered.status_code == 302
    assert answered["Location"].endswith(f"#answer-{made.pk}")
    assert (made.reply_to, made.author, made.state, made.text) == (last(talk), sanne, "planned", "Morgen om 9 uur.")
    html = page(client, talk)
    assert "Morgen om 9 uur." in html
    assert "Onderweg naar Oefenplein" in html
    assert not Draft.objects.exists()
    talk.refresh_from_db()
    assert (talk.status, talk.assignee) == ("waiting", sanne)


def test_pressing_twice_sends_once(sign_in, sanne, talk):
    client = sign_in(sanne)
    assert answer(client, talk)["Location"] == answer(client, talk)["Location"]
    assert Outgoing.objects.count() == 1
    answer(client, talk, text="Nog iets anders.")
    assert Outgoing.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "  "}, "Schrijf eerst je antwoord."),
        ({"text": "x" * 512}, "Je tekst is 12 tekens te lang voor Oefenplein. Maak hem korter."),
        ({"text": "x" * 20_500}, "Je tekst is 20500 tekens lang"),
        ({"post": 999999}, "Dit bericht is weg."),
        ({"visibility": "everyone"}, "Een antwoord mag niet door meer mensen te lezen zijn"),
    ],
)
def test_what_is_in_the_way_is_said_and_nothing_is_lost(sign_in, sanne, talk, fields, words):
    html = answer(sign_in(sanne), talk, **fields).content.decode()
    assert words in html
    assert fields.get("text", "Morgen om 9 uur.").strip() in html
    assert not Outgoing.objects.exists()


def test_an_answer_is_never_shown_to_more_people_than_the_message(sign_in, sanne, talk):
    Post.objects.filter(pk=last(talk).pk).update(visibility="direct")
    client = sign_in(sanne)
    html = page(client, talk)
    assert "Verstuur privé op Oefenplein" in html
    assert 'value="public"' not in html
    answer(client, talk, visibility="public")
    assert not Outgoing.objects.exists()
    answer(client, talk)
    assert Outgoing.objects.get().visibility == "direct"


def test_the_preview_counts_as_the_network_counts_and_keeps_the_draft(sign_in, sanne, talk):
    client = sign_in(sanne)
    html = client.post(address(talk, "preview/"), {"post": last(talk).pk, "text": "Dag 👨‍👩‍👧‍👦"}).content.decode()
    assert re.search(r"\d+ van 500, zoals Oefenplein telt", html)
    assert "Dag 👨‍👩‍👧‍👦" in html
    assert Draft.objects.get().text == "Dag 👨‍👩‍👧‍👦"
    part = client.post(
        address(talk, "preview/"), {"post": last(talk).pk, "text": "Dag"}, headers={"hx-request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert 'id="card" hx-swap-oob' in part


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 600 + "  ", "100 tekens te lang voor Oefenplein"), ("     ", "0 van 500"), ("\n\nDag \n", "3 van 500")],
)
def test_what_would_be_sent_is_counted(sign_in, sanne, talk, text, count):
    client = sign_in(sanne)
    for path in ("preview/", "answer/"):
        html = client.post(address(talk, path), {"post": last(talk).pk, "text": text}).content.decode()
        if path == "preview/" or "te lang" in count:
            assert count in html


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("De Tuinbaas", "De Tuinbaas"),
        ("Opa Wim", "Opa Wim"),
        ("J. Brouwershaven", "J. Brouwershaven"),
        ("Femke de Vries", "Femke"),
        ("  ", "joke@plein"),
    ],
)
def test_who_is_answered_is_called_by_a_first_name_only_where_it_is_one(sign_in, sanne, talk, name, said):
    Post.objects.filter(entry__conversation=talk).update(author_name=name, author_handle="joke@plein")
    assert f"<strong>Antwoord aan {said}</strong>" in page(sign_in(sanne), talk)


def test_a_draft_is_there_again_and_belongs_to_one_person(client, talk, sanne, femke):
    client.force_login(sanne)
    saved = client.post(address(talk, "draft/"), {"text": "Half antw"}, headers={"hx-request": "true"})
    assert re.search(r"Bewaard om \d+\.\d\d", saved.content.decode())
    assert "Half antw</textarea>" in page(client, talk)
    client.force_login(femke)
    assert "Half antw" not in page(client, talk)


def test_a_draft_keeps_to_whom_for_whose_eyes_and_its_warning(client, talk, sanne, femke, oeverloo):
    first, elsewhere = Post.objects.earliest("posted_at"), factories.conversation(oeverloo)
    client.force_login(sanne)
    given = {"text": "Alleen voor jou", "post": first.pk, "visibility": "direct", "content_warning": "Ongeluk"}
    client.post(address(talk, "draft/"), given, headers={"hx-request": "true"})
    html = page(client, talk)
    assert chosen(html) == first.pk
    assert "Verstuur privé op Oefenplein" in html
    assert 'value="direct" selected' in html
    assert 'value="Ongeluk"' in html
    assert "Ongeluk</p>" in html.split('id="card"')[1]
    assert chosen(page(client, talk, f"?to={last(talk).pk}")) == last(talk).pk
    client.force_login(femke)
    assert "Ongeluk" not in page(client, talk)
    client.post(address(talk, "draft/"), given | {"post": last(elsewhere).pk, "visibility": "everyone"})
    assert (Draft.objects.get(person=femke).post, Draft.objects.get(person=femke).visibility) == (None, "")


def test_a_draft_to_a_message_that_is_gone_answers_nobody_else(sign_in, sanne, talk):
    client, gone = sign_in(sanne), last(talk)
    client.post(address(talk, "draft/"), {"text": "Half antw", "post": gone.pk})
    Post.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    html = page(client, talk)
    assert "Half antw</textarea>" in html
    assert "Het bericht waarop je antwoordt is weg." in html
    assert not re.search(r'name="post"[^>]* checked', html)


def test_an_empty_draft_chooses_nothing(sign_in, sanne, talk):
    client = sign_in(sanne)
    given = {"text": " ", "post": Post.objects.earliest("posted_at").pk, "visibility": "direct"}
    client.post(address(talk, "draft/"), given)
    html = page(client, talk)
    assert chosen(html) == last(talk).pk
    assert "Verstuur antwoord op Oefenplein" in html


@pytest.mark.parametrize("part", ["answer/", "draft/", "preview/", "write/", "status/", "assign/", "sending/1/"])
def test_who_was_signed_out_comes_back_to_the_conversation(client, talk, sanne, daan, part):
    away = client.post(address(talk, part), {"text": "Half antw"})
    assert (away.status_code, away["Location"]) == (302, f"/sign-in/?next={address(talk, part)}")
    client.force_login(sanne)
    assert client.get(address(talk, part) + "?tab=mine&text=x")["Location"] == address(talk) + "?tab=mine"
    client.force_login(daan)
    assert client.get(address(talk, part), follow=True).status_code == 404


def test_a_page_that_was_signed_out_hears_so_and_gets_no_sign_in_page_for_its_part(client, talk):
    for ask in (client.post(address(talk, "draft/"), headers={"hx-request": "true"}),
                client.get(address(talk), headers={"hx-request": "true", "hx-target": "thread"})):  # fmt: skip
        assert ask.status_code == 401
        assert not ask.content
        assert "default-src" in ask["Content-Security-Policy"]


def test_a_kept_draft_does_not_overwrite_what_was_written_later_elsewhere(sign_in, sanne, talk):
    client = sign_in(sanne)
    client.post(address(talk, "draft/"), {"text": "Van de laptop", "post": last(talk).pk, "content_warning": "Let op"})
    then = int(Draft.objects.get().saved_at.timestamp() * 1000)
    older = client.post(address(talk, "draft/"), {"text": "Van de telefoon", "written": then - 5000})
    assert older.status_code == 409
    assert older.json() == {
        "text": "Van de laptop", "post": str(last(talk).pk), "visibility": "", "content_warning": "Let op",
    }  # fmt: skip
    client.post(address(talk, "draft/"), {"text": "Van de telefoon", "written": then + 5000})
    assert Draft.objects.get().text == "Van de telefoon"


def test_a_save_that_was_long_on_its_way_is_as_old_as_its_words(sign_in, sanne, talk):
    client, now = sign_in(sanne), int(time.time() * 1000)
    client.post(address(talk, "draft/"), {"text": "", "written": now - 5000})
    assert int(Draft.objects.get().saved_at.timestamp() * 1000) == now - 5000
    client.post(address(talk, "draft/"), {"text": "Wat ik daarna schreef", "written": now - 4000})
    late = client.post(address(talk, "draft/"), {"text": "Wat", "written": now - 4500})
    assert late.status_code == 409
    assert Draft.objects.get().text == "Wat ik daarna schreef"


def test_a_clock_that_runs_ahead_gives_no_draft_from_the_future(sign_in, sanne, talk):
    sign_in(sanne).post(address(talk, "draft/"), {"text": "Hoi", "written": 4_000_000_000_000})
    assert Draft.objects.get().saved_at <= timezone.now()


def test_a_page_knows_when_its_draft_was_saved_and_what_was_sent_last(client, talk, sanne, femke):
    client.force_login(sanne)
    client.post(address(talk, "draft/"), {"text": "  "})
    saved = int(Draft.objects.get().saved_at.timestamp() * 1000)
    html = page(client, talk)
    assert f'data-saved="{saved}"' in html
    assert 'data-sent="" data-sent-at="0"' in html
    answer(client, talk, text="Morgen\nom 9 uur.")
    at = int(Outgoing.objects.get().written_at.timestamp() * 1000)
    assert f'data-sent="Morgen\nom 9 uur." data-sent-at="{at}"' in page(client, talk)
    Outgoing.objects.update(state="refused")
    assert 'data-sent=""' in page(client, talk)
    Outgoing.objects.update(state="sent")
    client.force_login(femke)
    assert 'data-sent=""' in page(client, talk)


def test_on_a_phone_the_bar_takes_along_which_message_you_answer(sign_in, sanne, talk):
    client, first = sign_in(sanne), Post.objects.earliest("posted_at")
    bar = page(client, talk, "?tab=mine").split('<div class="talk__bar')[1].split("</div>")[0]
    assert f'form="answer-form" formaction="{address(talk, "write/")}?tab=mine"' in bar
    moved = client.post(address(talk, "write/") + "?tab=mine", {"post": first.pk, "text": "Half"})
    assert moved["Location"] == f"{address(talk)}?tab=mine&write=1&to={first.pk}#answer-text"
    html = client.get(moved["Location"]).content.decode()
    assert chosen(html) == first.pk
    assert f'class="back" href="{address(talk)}?tab=mine&amp;to={first.pk}"' in html
    assert not Draft.objects.exists()


def test_a_network_that_only_reads_has_no_composer(sign_in, sanne, waterdam):
    feed = factories.channel(waterdam, network="feed")
    talk = factories.conversation(waterdam, channel=feed)
    html = page(sign_in(sanne), talk)
    assert "kun je niet antwoorden" in html
    assert "<textarea" not in html


def test_a_network_by_hand_gives_the_answer_to_copy(sign_in, sanne, waterdam):
    desk = factories.channel(waterdam, network="manual")
    talk = factories.conversation(waterdam, channel=desk)
    client = sign_in(sanne)
    assert "Zet klaar om te kopiëren" in page(client, talk)
    answer(client, talk)
    html = page(client, talk)
    assert "Kopieer antwoord" in html
    assert "Ik heb het geplaatst" in html
    client.post(address(talk, f"sending/{Outgoing.objects.get().pk}/"), {"do": "arrived"})
    assert Outgoing.objects.get().state == "sent"
    assert "Verstuurd om" in page(client, talk)


def test_when_the_message_you_answer_is_gone_nobody_else_is_answered_by_mistake(sign_in, sanne, talk):
    gone = last(talk)
    Post.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    client = sign_in(sanne)
    tree = client.get(address(talk, f"?to={gone.pk}"), headers={"hx-request": "true", "hx-target": "thread"})
    assert "checked" not in tree.content.decode()
    part = client.post(address(talk, "preview/"), {"text": "Ja", "was": gone.pk}, headers={"hx-request": "true"})
    assert "Het bericht waarop je antwoordt is weg." in part.content.decode()
    assert "Dit bericht is weg." in answer(client, talk, post="").content.decode()
    assert not Outgoing.objects.exists()


def test_what_you_fill_in_beside_the_text_is_only_replaced_when_you_choose_another_message(sign_in, sanne, talk):
    client, post = sign_in(sanne), last(talk).pk
    for was, replaced in ((post, False), (0, True)):
        values = {"post": post, "was": was, "text": "Ja", "content_warning": "Half getyp"}
        part = client.post(address(talk, "preview/"), values, headers={"hx-request": "true"}).content.decode()
        assert ("answer-visibility" in part) is replaced
        assert "Antwoord aan Joke" in part


def test_a_draft_that_was_overtaken_by_its_own_sending_does_not_come_back(sign_in, sanne, talk):
    client = sign_in(sanne)
    answer(client, talk, text="Morgen om 9 uur.")
    client.post(address(talk, "draft/"), {"text": "Morgen om"})
    assert not Draft.objects.exists()
    client.post(address(talk, "draft/"), {"text": "Nog iets"})
    assert Draft.objects.get().text == "Nog iets"


# What became of an answer.


@pytest.mark.parametrize(
    ("state", "fields", "words", "buttons"),
    [
        ("planned", {}, "Onderweg naar Oefenplein", ["rewrite"]),
        ("claimed", {}, "Onderweg naar Oefenplein", []),
        ("sent", {"settled_at": timezone.now()}, "Verstuurd om", []),
        ("refused", {"words": "Te lang."}, "“Te lang.”", ["rewrite", "again"]),
        ("unknown", {}, "We vragen het na en sturen niet dubbel.", []),
        ("unknown", {"needs_person": True}, "Kijk zelf en zeg wat je zag.", ["arrived", "absent"]),
    ],
)
def test_every_state_says_what_it_means_and_offers_only_what_is_safe(
    sign_in, sanne, talk, state, fields, words, buttons
):
    sent(talk, state, **fields)
    html = page(sign_in(sanne), talk)
    said = html.replace('<q translate="no">', "“").replace("</q>", "”")
    assert words in said
    assert re.findall(r'name="do" value="(\w+)"', html) == buttons


def test_a_hold_is_said_before_and_after_sending(sign_in, sanne, talk, waterdam):
    SendHold.objects.create(town=waterdam, reason="Storm: eerst overleg")
    client = sign_in(sanne)
    assert "Je antwoord wacht tot versturen weer mag." in page(client, talk)
    answer(client, talk)
    html = page(client, talk)
    assert "Wacht: alles staat stil." in html
    assert "Storm: eerst overleg" in html


def test_an_answer_that_has_not_left_can_be_taken_back_and_rewritten(sign_in, sanne, talk):
    client = sign_in(sanne)
    answer(client, talk)
    made = Outgoing.objects.get()
    client.post(address(talk, f"sending/{made.pk}/"), {"do": "rewrite"})
    made.refresh_from_db()
    assert made.state == "cancelled"
    html = page(client, talk)
    assert "Morgen om 9 uur.</textarea>" in html
    assert "Onderweg" not in html


@pytest.mark.parametrize("state", ["planned", "refused"])
def test_what_is_taken_back_keeps_its_addressee_its_readers_and_its_warning(sign_in, sanne, talk, state):
    client, first = sign_in(sanne), Post.objects.earliest("posted_at")
    answer(client, talk, post=first.pk, visibility="direct", content_warning="Ongeluk")
    made = Outgoing.objects.get()
    Outgoing.objects.update(state=state)
    client.post(address(talk, f"sending/{made.pk}/"), {"do": "rewrite"})
    html = page(client, talk)
    assert "Morgen om 9 uur.</textarea>" in html
    assert chosen(html) == first.pk
    assert "Verstuur privé op Oefenplein" in html
    assert 'value="Ongeluk"' in html


@pytest.mark.parametrize("private", ["draft", "answer"])
def test_what_is_taken_back_comes_below_what_you_were_writing_and_fewer_read_it(sign_in, sanne, talk, private):
    client, first = sign_in(sanne), Post.objects.earliest("posted_at")
    answer(client, talk, post=first.pk, visibility="direct" if private == "answer" else "public")
    half = {"text": "Half antw", "post": last(talk).pk, "visibility": "direct" if private == "draft" else "public"}
    client.post(address(talk, "draft/"), half)
    html = client.post(
        address(talk, f"sending/{Outgoing.objects.get().pk}/"), {"do": "rewrite"}, follow=True
    ).content.decode()
    assert "Half antw\n\nMorgen om 9 uur.</textarea>" in html
    assert "Je antwoord staat onder wat je aan het schrijven was." in html
    assert "Verstuur privé op Oefenplein" in html
    assert chosen(html) == (first.pk if private == "answer" else last(talk).pk)
    assert Outgoing.objects.get().state == "cancelled"


def test_what_has_left_cannot_be_taken_back(sign_in, sanne, talk):
    made = sent(talk, "claimed")
    client = sign_in(sanne)
    client.post(address(talk, f"sending/{made.pk}/"), {"do": "rewrite"})
    made.refresh_from_db()
    assert made.state == "claimed"


def test_an_answer_of_another_conversation_is_not_settled_from_here(sign_in, sanne, talk, waterdam, channel):
    other = factories.conversation(waterdam, channel=channel)
    made = sent(other, "unknown", needs_person=True)
    assert sign_in(sanne).post(address(talk, f"sending/{made.pk}/"), {"do": "arrived"}).status_code == 404


# What one does with a conversation.


def test_closing_goes_to_the_next_row_and_can_be_undone(sign_in, sanne, talk, waterdam, channel):
    below = factories.conversation(waterdam, channel=channel, last_post_at=talk.last_post_at - timedelta(hours=1))
    client = sign_in(sanne)
    moved = client.post(address(talk, "status/"), {"to": "done"})
    talk.refresh_from_db()
    assert talk.status == "done"
    html = client.get(moved["Location"]).content.decode()
    assert re.search(rf'id="row-{below.pk}"[^>]*autofocus', html)
    assert "Maak ongedaan" in html
    client.post(address(talk, "status/"), {"to": "open"})
    talk.refresh_from_db()
    assert talk.status == "open"


def test_after_a_minute_there_is_nothing_to_undo(sign_in, sanne, talk):
    Conversation.objects.update(status="done", changed_at=timezone.now() - timedelta(seconds=61))
    html = sign_in(sanne).get(f"/waterdam/inbox/?closed={talk.pk}").content.decode()
    assert "Maak ongedaan" not in html.split("<dialog")[0]


def test_later_waits_for_the_resident(sign_in, sanne, talk):
    sign_in(sanne).post(address(talk, "status/"), {"to": "waiting"})
    talk.refresh_from_db()
    assert talk.status == "waiting"


def test_only_after_an_answer_is_the_resident_waited_for(sign_in, sanne, talk):
    client = sign_in(sanne)
    client.post(address(talk, "status/"), {"to": "waiting"})
    head = page(client, talk).split("<header")[2].split("</header>")[0]
    assert "Wacht op de inwoner" not in head
    assert "Later, als de inwoner weer schrijft" in head
    answer(client, talk)
    assert "Wacht op de inwoner" in page(client, talk)


def test_a_conversation_is_taken_on_given_away_and_let_go(sign_in, sanne, femke, daan, talk):
    client = sign_in(sanne)
    for person, found in ((sanne, sanne), (femke, femke)):
        client.post(address(talk, "assign/"), {"person": person.pk})
        talk.refresh_from_db()
        assert talk.assignee == found
    assert "Gegeven aan Femke" in page(client, talk)
    assert client.post(address(talk, "assign/"), {"person": daan.pk}).status_code == 404
    client.post(address(talk, "assign/"), {"person": ""})
    talk.refresh_from_db()
    assert talk.assignee is None


def test_only_the_tree_comes_when_a_page_asks_for_it(sign_in, sanne, talk):
    part = sign_in(sanne).get(address(talk), headers={"hx-request": "true", "hx-target": "thread"}).content.decode()
    assert "En voor fietsers?" in part
    assert 'data-part="head"' in part
    assert 'data-part="about"' in part
    assert "<html" not in part
    assert "<textarea" not in part


def test_the_page_is_english_for_who_reads_english(sign_in, sanne, talk):
    sanne.language = "en"
    sanne.save()
    html = page(sign_in(sanne), talk)
    assert "Send answer on Oefenplein" in html
    assert "You answer this" in html


# The digest.


def test_the_digest_tells_what_waits_what_came_and_what_went_wrong(
    client, sanne, daan, talk, django_assert_max_num_queries
):
    Post.objects.update(arrived_at=timezone.now())
    Conversation.objects.update(waiting_since=timezone.now() - timedelta(hours=5))
    sent(talk, "refused", words="Te lang.")
    client.force_login(sanne)
    with django_assert_max_num_queries(26):
        html = client.get("/waterdam/digest/").content.decode()
    assert "1 gesprek wacht op antwoord." in html
    assert "Het langste wacht al 5 uur." in html
    assert "2 berichten" in html
    assert "Niet verstuurd. Oefenplein weigert je bericht." in html
    client.force_login(daan)
    assert client.get("/waterdam/digest/").status_code == 404


def test_a_page_that_looks_again_with_nothing_chosen_has_nothing_chosen_for_it(sign_in, sanne, talk):
    again = sign_in(sanne).get(f"{address(talk)}?to=", headers={"HX-Request": "true", "HX-Target": "thread"})
    html = again.content.decode()
    assert 'name="post"' in html
    assert "checked" not in html

"""The stories that the demo tells: readable, in the past, and about nobody real."""

from __future__ import annotations

import re
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

import pytest

from plein.channels.feed import feed_from
from plein.channels.memory import ABILITIES, Square, author_of
from plein.channels.posts import Post
from plein_web.site.demo import stories
from plein_web.site.demo.news import PAPER, feed
from plein_web.site.demo.residents import CONTENT, FIRST, PATIENCE, Residents, Script

HOURS = [datetime(2026, 11, 23, hour, 5, tzinfo=ZoneInfo("Europe/Amsterdam")) for hour in (0, 7, 13, 23)]
CAST = stories.cast()
ACTS = [act for town in CAST.towns for story in stories.stories(town, HOURS[2]) for act in story.acts]


@pytest.mark.parametrize("now", HOURS, ids=lambda now: f"{now:%H.%M}")
def test_at_any_time_of_the_day_everything_has_happened_already(now):
    for town in CAST.towns:
        assert all(act.at <= now for story in stories.stories(town, now) for act in story.acts)


def test_a_story_that_still_has_to_happen_is_refused(tmp_path):
    acts = '{ who = "x", when = "5 minutes", says = "a" }, { who = "x", when = "+1 hours", says = "b" }'
    text = f'account = "a"\n[people]\n[[story]]\nacts = [{acts}]'
    (tmp_path / "s.toml").write_text(text)
    town = stories.Town("a", "A", "klein", "balie", "s.toml", (), ())
    with pytest.raises(stories.StoryError, match=r"s\.toml, story 1, line 2"):
        stories.stories(town, HOURS[0], tmp_path)


def test_there_is_life_of_every_kind():
    assert len(stories.stories(CAST.towns[0], HOURS[2])) >= 60
    assert len(stories.stories(CAST.towns[1], HOURS[2])) >= 15
    assert {"tr", "pl", "ar", "en", "fy", "nl"} <= {act.language for act in ACTS}
    assert {"says", "edits", "deletes", "posts", "closes", "assigns", "drafts"} == {act.deed for act in ACTS}
    assert {"refused", "unknown"} <= {act.outcome for act in ACTS}
    assert any(act.picture and act.alt for act in ACTS) and any(act.picture and not act.alt for act in ACTS)
    assert any(act.warning for act in ACTS) and any(act.private for act in ACTS) and any(act.overheard for act in ACTS)


def test_everybody_who_speaks_has_a_name():
    known = set(CAST.residents) | {person.key for person in CAST.people}
    assert {act.who for act in ACTS} <= known
    assert {message.who for message in stories.later()} <= known


def test_a_message_to_the_town_names_one_of_its_accounts_and_another_does_not():
    accounts = {"@" + channel["handle"] for town in CAST.towns for channel in town.channels}
    for told in [*(act for act in ACTS if act.deed == "says" and act.who in CAST.residents), *stories.later()]:
        text = told.text if isinstance(told, stories.Act) else told.says
        assert any(account in text for account in accounts) is not told.overheard, text


def test_every_text_fits_the_square():
    assert all(len(act.text) <= ABILITIES.max_length for act in ACTS)


def test_nothing_in_it_points_at_anybody_real():
    text = "\n".join(path.read_text() for path in stories.FOLDER.glob("*.toml"))
    domains = set(re.findall(r"[\w.-]+\.(?:nl|com|org|eu|net)\b", text))
    assert not domains, domains
    assert {address.rpartition(".")[2] for address in re.findall(r"[\w.]+@[\w.-]*\w", text)} <= {"example"}
    assert set(re.findall(r"\b06[- ]?\d{8}\b", text)) <= {"06-00000000"}


def test_the_newspaper_is_a_feed_that_reads_well():
    posts = feed_from(feed(HOURS[2]), PAPER, HOURS[2]).posts
    assert len(posts) == 5 and all(post.posted_at <= HOURS[2] for post in posts)
    assert any("Sluisbrug" in post.title for post in posts)


# -- residents ------------------------------------------------------------------------------


@pytest.fixture
def square(tmp_path):
    return Square(str(tmp_path / "square.sqlite3"))


def live(residents: Residents, start: float, seconds: float) -> None:
    for half in range(int(seconds * 2)):
        residents.round(start + half / 2)


def test_a_resident_reacts_to_an_answer_within_seconds(square):
    asked = square.post(author_of("greet", "Greet Zandhorst"), "@gemeentewaterdam hoe laat?", language="nl")
    residents = Residents(square, Script.read(), Random(3), 0.0)
    square.post("gemeentewaterdam", "@greet Om tien uur. ^SB", asked)
    residents.round(0.0)
    live(residents, 0.0, PATIENCE[1] + 1)
    reaction = [post for post in square.thread(asked) if post.author.handle == "greet"][-1]
    assert reaction.uri != asked and "@gemeentewaterdam" in reaction.text


def test_who_asked_in_another_language_reacts_in_it(square):
    asked = square.post(author_of("zofia"), "@gemeentewaterdam Gdzie?", language="pl")
    residents = Residents(square, Script.read(), Random(1), 0.0)
    square.post("gemeentewaterdam", "Bij de balie.", asked)
    live(residents, 0.0, PATIENCE[1] + 1)
    assert square.thread(asked)[-1].text.startswith("@gemeentewaterdam Dziękuję")


def test_a_private_answer_gets_a_private_reaction(square):
    asked = square.post(author_of("yara"), "@gemeentewaterdam vraag", visibility="direct")
    residents = Residents(square, Script.read(), Random(1), 0.0)
    square.post("gemeentewaterdam", "@yara antwoord", asked, visibility="direct")
    live(residents, 0.0, PATIENCE[1] + 1)
    assert [post.visibility for post in square.thread(asked)] == ["direct"] * 3


def test_nobody_reacts_to_what_was_said_before_they_came_or_taken_back(square):
    asked = square.post(author_of("greet"), "@gemeentewaterdam hoe laat?")
    square.post("gemeentewaterdam", "Om tien uur.", asked)
    residents = Residents(square, Script.read(), Random(1), 0.0)
    square.delete(square.post("gemeentewaterdam", "Nee, elf.", asked))
    live(residents, 0.0, FIRST - 1)
    assert len(square.thread(asked)) == 2


def test_every_message_is_said_once_by_the_resident_whose_it_is_also_after_a_restart(square):
    live(Residents(square, Script.read(), Random(1), 0.0), 0.0, 60 * 20)
    live(Residents(square, Script.read(), Random(2), 0.0), 0.0, 60 * 90)
    said = [(post.author.handle, post.text) for post in square.posts() if isinstance(post, Post) and not post.parent]
    assert len(said) == len({text for _who, text in said})
    assert set(said) <= {
        (one.who, text)
        for one in stories.later()
        for text in ((one.says, one.more) if one.then == "edits" else (one.says,))
    }
    kept = [one for one in stories.later() if one.then != "deletes"]
    assert {who for who, _text in said} >= {one.who for one in kept}


def test_an_hour_has_something_new_to_say(square):
    residents = Residents(square, Script.read(), Random(1), 0.0)
    live(residents, 0.0, 60 * 40)
    before = len(square.posts())
    live(residents, 60 * 40, 60 * 8)
    assert len(square.posts()) > before


def test_who_asked_nothing_is_content_with_an_answer(square):
    residents = Residents(square, Script.read(), Random(1), 0.0)
    fitting = {one.format(name="gemeentewaterdam") for mood in CONTENT for one in stories.answers()[mood]}
    for number in range(12):
        told = square.post(author_of("greet"), "@gemeentewaterdam de bloembakken staan er mooi bij")
        square.post("gemeentewaterdam", f"@greet Dank je wel. ({number}) ^SB", told)
        live(residents, number * 12.0, PATIENCE[1] + 1)
        reaction = square.thread(told)[-1].text.partition(" (en nu")[0]
        assert reaction in fitting


def test_two_reactions_in_a_row_are_not_the_same(square):
    residents = Residents(square, Script.read(), Random(1), 0.0)
    words = [residents._words("thanks") for _ in range(5)]
    assert len(set(words)) == 5

"""The practice square: it behaves, and misbehaves when told to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plein.channels.contract import Absent, Account, CannotTell, Image, Message, Sent, SourceSpec
from plein.channels.errors import Refused, SignInNeeded, TryLater, Unsupported
from plein.channels.memory import Client, Square
from plein.channels.posts import Deleted, Post, Unreadable, Visibility

NOW = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
MENTIONS = SourceSpec("mentions")


@pytest.fixture
def square(tmp_path) -> Square:
    return Square(str(tmp_path / "square.sqlite3"))


@pytest.fixture
def waterdam(square) -> Client:
    return Client(Account("memory", "waterdam"), square)


def message(key: str = "k1", text: str = "Dank je", **fields) -> Message:
    return Message(key, text, NOW, **fields)


def test_a_mention_comes_in_once_with_the_cursor(square, waterdam):
    uri = square.post("jan", "Hallo @waterdam, de brug is stuk")
    square.post("piet", "Lekker weer")
    first = waterdam.listen(MENTIONS, None)
    assert [item.uri for item in first.items] == [uri]
    assert waterdam.listen(MENTIONS, first.cursor).items == ()


def test_who_answers_us_is_heard_without_naming_us(square, waterdam):
    sent = waterdam.publish(message(text="De brug gaat open"))
    answer = square.post("jan", "Fijn!", reply_to=sent.uri)
    assert [item.uri for item in waterdam.listen(MENTIONS, None).items] == [answer]


def test_edits_and_deletions_reach_us(square, waterdam):
    uri = square.post("jan", "@waterdam de brug")
    cursor = waterdam.listen(MENTIONS, None).cursor
    square.edit(uri, "@waterdam de Sluisbrug")
    batch = waterdam.listen(MENTIONS, cursor)
    assert batch.items[0].text == "@waterdam de Sluisbrug" and batch.items[0].edited_at
    square.delete(uri)
    (gone,) = waterdam.listen(MENTIONS, batch.cursor).items
    assert isinstance(gone, Deleted) and gone.uri == uri


def test_what_is_deleted_is_nowhere_on_the_square_any_more(square, waterdam, tmp_path):
    uri = square.post("jan", "@waterdam mijn geheime woord is pompoensoep")
    square.delete(uri)
    assert isinstance(waterdam.check(uri, ""), Deleted)
    assert waterdam.thread(uri, "") == ()
    assert "pompoensoep" not in str(waterdam.listen(MENTIONS, None))


def test_a_thread_is_shown_whole(square, waterdam):
    root = square.post("jan", "De brug is stuk")
    reply = square.post("piet", "@waterdam zie dit", reply_to=root)
    assert {item.uri for item in waterdam.thread(reply, "")} == {root, reply}


def test_a_private_message_is_seen_by_whom_it_was_meant_for_alone(square, waterdam):
    uri = square.post("jan", "@waterdam dit is tussen ons", visibility=Visibility.DIRECT)
    oeverloo = Client(Account("memory", "oeverloo"), square)
    assert oeverloo.thread(uri, "") == () and waterdam.thread(uri, "")
    assert oeverloo.listen(SourceSpec("public"), None).items == ()


def test_hashtags_and_everything_public_can_be_read(square, waterdam):
    uri = square.post("jan", "Weer file #Sluisbrug")
    assert [item.uri for item in waterdam.listen(SourceSpec("hashtag", "#sluisbrug"), None).items] == [uri]
    assert [item.uri for item in waterdam.listen(SourceSpec("public"), None).items] == [uri]
    with pytest.raises(Unsupported):
        waterdam.listen(SourceSpec("radio"), None)


def test_a_picture_keeps_its_description(waterdam, square):
    waterdam.publish(message(images=(Image(b"png", "image/png", "Een brug"),)))
    assert square.posts()[0].attachments[0].alt == "Een brug"


def test_the_square_counts_what_a_reader_sees(waterdam):
    assert waterdam.preview(message(text="👩‍👩‍👧" * 500)).too_long_by == 0
    assert waterdam.preview(message(text="a" * 501)).too_long_by == 1
    with pytest.raises(Refused):
        waterdam.publish(message(text="a" * 501))


def test_it_refuses_in_its_own_words(waterdam, square):
    square.behave("refuses", words="Geen reclame.", times=1)
    with pytest.raises(Refused, match="Geen reclame"):
        waterdam.publish(message())
    assert waterdam.publish(message())


def test_a_time_out_after_accepting_can_be_asked_after(waterdam, square):
    square.behave("times_out_after", times=1)
    with pytest.raises(TryLater):
        waterdam.publish(message())
    assert isinstance(waterdam.find_sent(message()), Sent)
    assert square.times_sent() == {"k1": 1}


def test_a_time_out_before_accepting_left_nothing(waterdam, square):
    square.behave("times_out_before", times=1)
    with pytest.raises(TryLater):
        waterdam.publish(message())
    assert waterdam.find_sent(message()) == Absent()


def test_it_can_be_down_busy_or_forget_who_we_are(waterdam, square):
    square.behave("is_down", on="listen", times=1)
    with pytest.raises(TryLater):
        waterdam.listen(MENTIONS, None)
    square.behave("rate_limits", on="listen", retry_after=30, times=1)
    with pytest.raises(TryLater) as busy:
        waterdam.listen(MENTIONS, None)
    assert busy.value.retry_after == 30
    square.behave("dead_token", on="profile")
    with pytest.raises(SignInNeeded):
        waterdam.profile()
    square.behave("answers", on="profile")
    assert waterdam.profile().handle == "waterdam"


def test_it_can_be_unable_to_tell(waterdam, square):
    square.behave("cannot_tell", on="find_sent")
    assert isinstance(waterdam.find_sent(message()), CannotTell)


def test_it_is_no_help_against_sending_twice(waterdam, square):
    waterdam.publish(message())
    waterdam.publish(message())
    assert square.times_sent() == {"k1": 2}


def test_two_processes_see_the_same_square(square, tmp_path):
    other = Square(str(tmp_path / "square.sqlite3"))
    uri = other.post("jan", "@waterdam hallo")
    assert isinstance(square.get(uri), Post)


def test_a_bad_day_brings_everything_in_another_order_and_some_of_it_twice(square, waterdam):
    uris = {square.post("jan", f"@waterdam nummer {n}") for n in range(40)}
    square.scramble(7, duplicates=0.5)
    items = waterdam.listen(MENTIONS, None).items
    assert {item.uri for item in items} == uris and len(items) > 40
    assert [item.remote_id for item in items] != sorted(item.remote_id for item in items)


def test_a_line_nobody_understands_comes_back_as_it_is(square, waterdam):
    square.mumble("waterdam", b"{brug")
    (item,) = waterdam.listen(MENTIONS, None).items
    assert isinstance(item, Unreadable) and item.raw == b"{brug"


def test_the_stream_brings_what_is_said_while_one_listens(square, waterdam):
    square.post("jan", "@waterdam een")
    waterdam.look_every = 0.01
    stream = waterdam.stream(MENTIONS, None)
    assert len(next(stream).items) == 1
    square.post("jan", "@waterdam twee")
    assert [item.text for item in next(stream).items] == ["@waterdam twee"]

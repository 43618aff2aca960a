"""What we send stands on the network: once, in the right place, as the preview said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from plein.channels.contract import Absent, Profile, Sent
from plein.channels.errors import ChannelError, Refused, SignInNeeded, Unsupported
from plein.channels.posts import Deleted, Post, Visibility
from tests.contract.talking import MENTIONS, Ear, Town, eventually, picture, unique
from tests.contract.worlds import Saying, World

needs, denies = pytest.mark.needs, pytest.mark.denies


@needs("replies", "hears_mentions")
def test_a_reply_lands_under_what_it_answers(world: World, ear: Ear, town: Town) -> None:
    question = ear.until(world.says(unique("Wanneer komt de vuilniswagen?")).uri)
    sent = town.sends(town.message(unique("Morgen om acht uur"), to=question))
    seen = eventually(lambda: world.read(sent.uri), world.patience, "Our reply")
    assert seen.parent == question.uri
    assert "Morgen om acht uur" in seen.text


@needs("replies", "hears_mentions")
def test_a_conversation_goes_to_and_fro_in_one_thread(world: World, ear: Ear, town: Town) -> None:
    question = ear.until(world.says(unique("De brug staat open")).uri)
    answer = town.message(unique("We kijken ernaar"), to=question)
    sent = town.sends(answer)
    thanks = world.replies(unique("Dank!"), town.written(sent, answer.text))
    heard = ear.until(thanks.uri)
    assert heard.parent == sent.uri
    second = town.sends(town.message(unique("Graag gedaan"), to=heard))
    seen = eventually(lambda: world.read(second.uri), world.patience, "Our second reply")
    assert seen.parent == thanks.uri


@needs("replies", "hears_mentions", "shows_threads")
def test_a_thread_shows_both_sides(world: World, ear: Ear, town: Town) -> None:
    question = ear.until(world.says(unique("Mag ik hier bouwen?")).uri)
    sent = town.sends(town.message(unique("Dat hangt ervan af"), to=question))

    def both() -> bool:
        posts = {item.uri: item for item in town.client.thread(question.uri, question.remote_id)}
        return {question.uri, sent.uri} <= posts.keys() and posts[sent.uri].parent == question.uri

    eventually(both, world.patience, "The thread with both sides")


@needs("hears_mentions", "shows_threads", "hears_deletes")
def test_a_thread_of_which_the_beginning_is_gone_still_shows_the_rest(world: World, ear: Ear, client) -> None:
    first = world.says(unique("Dit haal ik straks weg"))
    ear.until(first.uri)
    second = world.replies(unique("Wat stond daar?"), first, by="miep")
    heard = ear.until(second.uri)
    world.deletes(first)
    eventually(lambda: isinstance(client.check(first.uri, ""), Deleted), world.patience, "The deletion")
    posts = [item for item in client.thread(heard.uri, heard.remote_id) if isinstance(item, Post)]
    assert second.uri in {post.uri for post in posts}
    assert first.uri not in {post.uri for post in posts}
    # Some networks forget what an answer answered once that is gone; what they told before stays ours.
    assert heard.parent == first.uri
    assert next(post for post in posts if post.uri == second.uri).parent in (first.uri, None)


@needs("posts")
def test_the_network_can_be_asked_whether_it_has_a_message(world: World, town: Town) -> None:
    message = town.message(unique("Vanavond informatieavond"))
    assert town.client.find_sent(message) == Absent()
    sent = town.sends(message)

    def found() -> Sent | None:
        answer = world.connect().find_sent(message)
        return answer if isinstance(answer, Sent) else None

    again = eventually(found, world.patience, "Finding what we sent")
    assert (again.uri, again.remote_id) == (sent.uri, sent.remote_id)


@needs("posts")
def test_a_message_that_is_asked_after_before_a_second_try_stands_there_once(world: World, town: Town) -> None:
    message = town.message(unique("De markt gaat door"))
    town.sends(message)
    if world.never_doubles:
        assert town.client.publish(message).uri == town.sent[0].uri
    else:
        eventually(lambda: isinstance(town.client.find_sent(message), Sent), world.patience, "Finding it")
    assert sum(message.text in text for text in world.texts_of_town()) == 1


@needs("posts")
def test_two_messages_with_the_same_words_are_two_messages(world: World, town: Town) -> None:
    text = unique("De weg is weer vrij")
    first, second = town.sends(town.message(text)), town.sends(town.message(text))
    assert first.uri != second.uri


@needs("posts", "max_length")
def test_what_just_fits_is_taken_and_one_more_is_refused_with_words(world: World, town: Town, abilities) -> None:
    text = _filled(world, "Zie https://waterdam.example/een/lang/pad voor de 👩‍👩‍👧 bij café 't Plein 🇳🇱 ", town)
    assert town.client.preview(town.message(text)).too_long_by == 0
    town.sends(town.message(text))
    longer = town.message(f"{text}x")
    assert town.client.preview(longer).too_long_by == 1
    with pytest.raises(Refused) as refusal:
        town.client.publish(longer)
    assert refusal.value.words and refusal.value.permanent


def _filled(world: World, start: str, town: Town) -> str:
    """Return a text of exactly the length that the preview allows."""
    preview = town.client.preview(town.message(unique(start)))
    return preview.text + "x" * (preview.max_length - preview.length)


@needs("posts")
def test_a_preview_names_the_links_and_the_people(town: Town) -> None:
    preview = town.client.preview(town.message("Zie https://waterdam.example/afval."))
    assert preview.links == ("https://waterdam.example/afval",)


@needs("posts", "alt_text")
def test_a_picture_keeps_its_description(world: World, town: Town) -> None:
    message = town.message(unique("De nieuwe brug"), images=(picture("Een brug van hout, met vlaggen"),))
    sent = town.sends(message)
    seen = eventually(lambda: world.read(sent.uri), world.patience, "Our picture")
    assert seen.alts == ("Een brug van hout, met vlaggen",)


@needs("posts", "max_images")
def test_more_pictures_than_the_network_takes_are_not_sent(town: Town, abilities) -> None:
    many = tuple(picture(f"Foto {number}") for number in range(abilities.max_images + 1))
    with pytest.raises(ChannelError) as error:
        town.client.publish(town.message(unique("Fotoboek"), images=many))
    assert error.value.permanent and error.value.words


@needs("posts", "deletes")
def test_what_was_sent_can_be_taken_back_also_twice(world: World, town: Town) -> None:
    sent = town.sends(town.message(unique("Vergissing")))
    eventually(lambda: world.read(sent.uri), world.patience, "Our post")
    town.client.withdraw(sent)
    eventually(lambda: world.read(sent.uri) is None, world.patience, "Its disappearance")
    town.client.withdraw(sent)


@needs("posts", "edits")
def test_what_was_sent_can_be_changed(world: World, town: Town) -> None:
    message = town.message(unique("Dinsdag is woensdag"))
    sent = town.sends(message)
    better = town.message(unique("Woensdag dus"))
    again = town.client.revise(sent, better)
    assert again.uri == sent.uri
    eventually(lambda: better.text in world.read(sent.uri).text, world.patience, "The change")


@denies("edits")
def test_a_network_without_edits_says_so(world: World, client) -> None:
    with pytest.raises(Unsupported):
        client.revise(Sent("https://nowhere.example/1", "1"), Town(world, client).message("Anders"))


@needs("posts", "content_warnings")
def test_a_content_warning_goes_along(world: World, town: Town) -> None:
    sent = town.sends(town.message(unique("Brand in de haven"), content_warning="brand"))
    assert eventually(lambda: world.read(sent.uri), world.patience, "Our post").content_warning == "brand"


@denies("content_warnings")
@needs("posts")
def test_a_network_without_content_warnings_says_so(town: Town) -> None:
    with pytest.raises(Unsupported):
        town.client.publish(town.message(unique("Brand"), content_warning="brand"))


@needs("posts", "visibilities:direct", "hears_mentions")
def test_an_answer_to_a_direct_message_is_direct(world: World, ear: Ear, town: Town) -> None:
    question = ear.until(world.says(unique("Vertrouwelijk"), Saying(visibility=Visibility.DIRECT)).uri)
    sent = town.sends(town.message(unique("We bellen u"), to=question))
    assert eventually(lambda: world.read(sent.uri), world.patience, "Our answer").visibility is Visibility.DIRECT


@needs("posts")
def test_a_visibility_that_the_network_has_not_is_not_sent(town: Town, abilities) -> None:
    for visibility in set(Visibility) - set(abilities.visibilities):
        with pytest.raises(Unsupported):
            town.client.publish(town.message(unique("Onder ons"), visibility=visibility))


@needs("posts")
def test_the_network_says_who_we_are(world: World, client) -> None:
    profile = client.profile()
    assert isinstance(profile, Profile) and profile.identity and profile.name
    assert profile.handle.lstrip("@") == world.account().handle.lstrip("@")


@needs("posts")
def test_a_token_that_ends_says_when_and_one_that_lives_on_says_nothing(world: World, client) -> None:
    assert client.profile().token_expires_at is None
    if hasattr(world, "mortal_account"):
        until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=6)
        assert world.connect(world.mortal_account(until)).profile().token_expires_at == until


@needs("posts", "hears_mentions")
def test_a_dead_token_asks_for_a_new_sign_in(world: World) -> None:
    client = world.connect(world.dead_account())
    message = Town(world, client).message("Hallo?")
    for call in (client.profile, lambda: client.listen(MENTIONS, None), lambda: client.publish(message)):
        with pytest.raises(SignInNeeded) as error:
            call()
        assert error.value.words and error.value.permanent

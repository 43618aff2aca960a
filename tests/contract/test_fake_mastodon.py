"""The fake is honest: a client that others wrote for Mastodon gets from it what the documentation promises."""

from __future__ import annotations

import struct
import threading
import time
import zlib
from collections.abc import Iterator

import pytest
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError, StreamListener

from tests.servers.fake_mastodon import FakeMastodon, fake_mastodon, when
from tests.servers.mastodon import Person


@pytest.fixture
def server() -> Iterator[FakeMastodon]:
    with fake_mastodon() as started:
        yield started


def client(person: Person) -> Mastodon:
    return Mastodon(access_token=person.token, api_base_url=person.base, request_timeout=10, version_check_mode="none")


def png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0")) + chunk(b"IEND", b"")
    )


def test_posts_replies_edits_and_deletions_are_those_of_the_documentation(server: FakeMastodon) -> None:
    town, jan = client(server.person("waterdam")), client(server.person("jan"))
    asked = jan.status_post("@waterdam wanneer?", visibility="unlisted", spoiler_text="vraag", language="nl")
    (notice,) = town.notifications(types=["mention"])
    answer = town.status_post("@jan morgen", in_reply_to_id=notice.status.id, idempotency_key="k")
    assert town.status_post("@jan morgen", in_reply_to_id=notice.status.id, idempotency_key="k").id == answer.id
    context = town.status_context(asked.id)
    assert [status.id for status in context.descendants] == [answer.id]
    assert town.status_update(answer.id, "@jan overmorgen").edited_at
    assert town.status_source(answer.id).text == "@jan overmorgen"
    town.status_delete(answer.id)
    with pytest.raises(MastodonNotFoundError):
        jan.status(answer.id)


def test_lists_are_paged_as_the_documentation_says(server: FakeMastodon) -> None:
    jan = client(server.person("jan"))
    ids = [jan.status_post(f"bericht {number} #tel").id for number in range(7)]
    newest = jan.timeline_hashtag("tel", limit=3)
    assert [status.id for status in newest] == ids[:3:-1]
    assert [status.id for status in jan.fetch_next(newest)] == ids[3:0:-1]
    assert [status.id for status in jan.timeline_public(since_id=ids[1], limit=2)] == [ids[6], ids[5]]
    assert [status.id for status in jan.timeline_public(min_id=ids[1], limit=2)] == [ids[3], ids[2]]


def test_pictures_are_processed_before_they_can_be_sent(server: FakeMastodon) -> None:
    jan = client(server.person("jan"))
    server.slow_media = 1
    media = jan.media_post(png(), mime_type="image/png", description="Een stip", synchronous=True)
    (attachment,) = jan.status_post("kijk", media_ids=[media]).media_attachments
    assert attachment.description == "Een stip"


def test_errors_are_those_of_the_documentation(server: FakeMastodon) -> None:
    jan = client(server.person("jan"))
    with pytest.raises(MastodonAPIError, match="character limit"):
        jan.status_post("x" * 501)
    jan.access_token = "dead"
    with pytest.raises(MastodonUnauthorizedError):
        jan.account_verify_credentials()


def test_the_server_says_what_it_is(server: FakeMastodon) -> None:
    assert client(server.person("jan")).instance().configuration.statuses.max_characters == 500


class Ear(StreamListener):
    """Keeps what a stream brings."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def on_notification(self, notification) -> None:
        self.heard.append(("notification", notification.status.content))

    def on_status_update(self, status) -> None:
        self.heard.append(("edit", status.content))

    def on_delete(self, status_id) -> None:
        self.heard.append(("delete", str(status_id)))


def test_a_stream_speaks_the_language_of_the_documentation(server: FakeMastodon) -> None:
    town, jan = client(server.person("waterdam")), client(server.person("jan"))
    ear = Ear()
    address = f"{server.base}/api/v1/streaming/user"
    headers = {"authorization": f"Bearer {town.access_token}"}
    following = threading.Thread(target=_follow, args=(address, headers, ear), daemon=True)
    following.start()
    when(lambda: server.listeners)
    asked = jan.status_post("@waterdam een")
    jan.status_update(asked.id, "@waterdam twee")
    jan.status_delete(asked.id)
    when(lambda: len(ear.heard) >= 3)
    assert [kind for kind, _ in ear.heard] == ["notification", "edit", "delete"]
    assert ear.heard[-1] == ("delete", str(asked.id))
    server.hang_up()
    following.join(5)


def _follow(address: str, headers: dict[str, str], ear: Ear) -> None:
    """Feed a stream to Mastodon.py's own parser: by itself it would insist on https."""
    import requests
    from mastodon.errors import MastodonNetworkError

    try:
        with requests.get(address, headers=headers, stream=True, timeout=10) as answer:
            ear.handle_stream(answer)
    except MastodonNetworkError:
        time.sleep(0)

"""What we write on Bluesky, against the network's own library for Python and its own server."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import httpx
import pytest

from plein.channels.bluesky import facets_of, record_key, record_of
from plein.channels.contract import Message
from tests.contract.worlds import World

atproto = pytest.importorskip("atproto")


def test_facets_are_those_of_the_networks_own_library() -> None:
    built = (
        atproto.client_utils.TextBuilder()
        .text("Hé 👩‍👩‍👧 ")
        .mention("@miep.test", "did:plc:miep")
        .text(", zie ")
        .link("https://waterdam.example/é", "https://waterdam.example/é")
        .text(" ")
        .tag("#één", "één")
    )
    text = built.build_text()
    theirs = [facet.model_dump(by_alias=True) for facet in built.build_facets()]
    ours = facets_of(text, {"miep.test": "did:plc:miep"})
    assert [facet["index"] for facet in ours] == [
        {name: facet["index"][name] for name in ("byteStart", "byteEnd")} for facet in theirs
    ]
    assert [facet["features"][0]["$type"] for facet in ours] == [facet["features"][0]["$type"] for facet in theirs]


def test_a_record_is_one_to_the_networks_own_library() -> None:
    message = Message("k", "Zie https://waterdam.example #brug", datetime.now(UTC))
    record = record_of(message, created_at=datetime.now(UTC))
    read = atproto.models.get_or_create(record, atproto.models.AppBskyFeedPost.Record, strict=True)
    assert (read.text, read.langs) == (message.text, ["nl"])


@pytest.mark.only("bluesky")
def test_the_server_takes_our_keys_and_never_the_same_one_twice(world: World) -> None:
    message = Message(str(uuid.uuid4()), "Een sleutel van onszelf", datetime.now(UTC))
    record = record_of(message, created_at=datetime.now(UTC))
    made = world.town._write("createRecord", rkey=record_key(message), record=record)
    assert made["validationStatus"] == "valid"
    with pytest.raises(httpx.HTTPStatusError):
        world.town._write("createRecord", rkey=record_key(message), record=record)

"""What no page of ours would ask: an address or a form that somebody made up."""

from __future__ import annotations

import pytest

from plein_web.channels.models import Outgoing
from tests import factories

MANY = "9" * 5000


@pytest.fixture
def talk(waterdam, square_address):
    channel = factories.memory_channel(waterdam, square_address, handle="waterdam")
    return factories.conversation(waterdam, channel=channel)


@pytest.mark.parametrize(
    "query",
    [
        f"selected={MANY}",
        f"focus={MANY}",
        f"closed={MANY}",
        f"to={MANY}",
        f"before=2026-03-03T09:30:00%2B00:00_{MANY}",
        "selected=%C2%B2",
    ],
)
def test_a_number_that_is_none_is_as_if_nothing_was_asked(sign_in, sanne, talk, query):
    client = sign_in(sanne)
    assert client.get(f"/waterdam/inbox/?{query}").status_code == 200
    assert client.get(f"/waterdam/inbox/{talk.pk}/?{query}").status_code == 200


def test_a_conversation_of_too_many_figures_does_not_exist(sign_in, sanne, waterdam):
    assert sign_in(sanne).get(f"/waterdam/inbox/{MANY}/").status_code == 404


@pytest.mark.parametrize("post", ["", MANY, "x"])
def test_what_is_wrong_with_an_answer_is_counted_as_it_is_said(sign_in, sanne, talk, post):
    sanne.language = "en"
    sanne.save()
    html = sign_in(sanne).post(f"/waterdam/inbox/{talk.pk}/answer/", {"post": post, "text": "Morgen."}).content.decode()
    assert "One thing is not right yet" in html
    assert "This message is gone. Choose another one to answer." in html
    assert not Outgoing.objects.exists()

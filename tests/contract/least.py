"""The least that each network has to be able to do: what was promised, not what is declared.

A network may do more than stands here, never less. `support` is the least honest word for how it
was tried.
"""

from __future__ import annotations

from typing import Any

from plein.channels.contract import Counting, Receipt, Support

LEAST: dict[str, dict[str, Any]] = {
    "memory": {
        "hears_mentions": True,
        "shows_threads": True,
        "replies": True,
        "posts": True,
        "edits": True,
        "deletes": True,
        "alt_text": True,
        "hears_edits": True,
        "hears_deletes": True,
        "content_warnings": True,
        "receipt": Receipt.ASKABLE,
    },
    "bluesky": {
        "hears_mentions": True,
        "public_sources": {"jetstream", "firehose"},
        "searches": True,
        "shows_threads": True,
        "replies": True,
        "posts": True,
        "deletes": True,
        "alt_text": True,
        "max_images": 4,
        "max_length": 300,
        "counting": Counting.GRAPHEMES,
        "hears_edits": True,
        "hears_deletes": True,
        "receipt": Receipt.ASKABLE,
        "support": Support.LIVE,
    },
    "mastodon": {
        "hears_mentions": True,
        "public_sources": {"hashtag", "public"},
        "shows_threads": True,
        "replies": True,
        "posts": True,
        "edits": True,
        "deletes": True,
        "alt_text": True,
        "max_images": 4,
        "max_length": 500,
        "link_length": 23,
        "content_warnings": True,
        "hears_edits": True,
        "hears_deletes": True,
        "visibilities": {"public", "unlisted", "followers", "direct"},
        "receipt": Receipt.ASKABLE,
        "support": Support.LIVE,
    },
    "feed": {"public_sources": {"feed"}, "replies": False, "posts": False},
    "page": {"public_sources": {"page"}, "replies": False, "posts": False},
    "manual": {"copies_by_hand": True, "replies": False},
    "webhook": {"hooks": True, "copies_by_hand": True},
}

"""We count as Bluesky's own server counts: its counter, in its own Node, is the oracle."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path

from plein.channels.counting import graphemes
from tests.needs import missing
from tests.servers import bluesky
from tests.servers.processes import NODE

SCRIPT = Path(__file__).parent / "graphemes.mjs"
# What residents write: accents, flags, families, skin tones, many scripts. Nobody types a joiner on its own.
PIECES = [
    "a", " ", "\n", "\r\n", "é", "e\u0301", "ij", "🇳🇱", "🇧🇪", "🇳", "👩‍👩‍👧", "👍", "👍🏽", "❤️", "❤", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "می\u200cخ",
    "\ufe0f", "©", "©️", "1️⃣", "#", "م", "مُ", "한", "ᄒ", "ᅡ", "ᆫ", "नि", "ก็", "א", "…", "—", "👨🏿‍🚒", "☕️", "\u200b",
]  # fmt: skip


def counted(texts: list[str]) -> list[int]:
    """Return what Bluesky's server makes of the length of each text."""
    if lacking := bluesky.missing():
        missing("Bluesky's counter", lacking)
    done = subprocess.run(
        [str(NODE), str(SCRIPT), str(bluesky.HOME)], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_a_text_is_as_long_here_as_it_is_there(seed: int) -> None:
    chance = random.Random(seed)
    texts = ["".join(chance.choices(PIECES, k=chance.randint(0, 12))) for _ in range(3000)]
    theirs = counted(texts)
    pairs = zip(texts, theirs, strict=True)
    assert [(text, graphemes(text), length) for text, length in pairs if graphemes(text) != length] == []

"""`plein demo --servers`: connected for real, answered for real, ended for real."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.driving import answer, come_in, until
from tests.needs import missing
from tests.servers import bluesky, mastodon

START, REACTION = 150, 90


def test_residents_on_both_networks_are_heard_answered_and_react(tmp_path: Path):
    for rig in (bluesky, mastodon):
        if lacking := rig.missing():
            missing(rig.__name__, lacking)
    home, said = tmp_path / "demo", tmp_path / "said"
    command = [sys.executable, "-m", "plein_web.site.cli", "demo", "--servers", "--home", str(home), "--port", "0"]
    with said.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
    try:
        link = until(lambda: re.search(r"http://\S+/enter/\S+", said.read_text()), START)[0]
        client, base = come_in(link), link.split("/enter/")[0]
        for network in ("bluesky", "mastodon"):
            pk = until(lambda network=network: _conversation(home, network), 60)
            answer(client, f"{base}/waterdam/inbox/{pk}/", "Dank je wel, we kijken ernaar. ^SB")
        until(lambda: len(_reactions(home)) == 2, REACTION)
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(40)
    assert code == 0 and "Traceback" not in said.read_text()


def _ask(home: Path, query: str, *values: str) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{home}/plein.sqlite3?mode=ro", uri=True, timeout=10)) as rows:
        return rows.execute(query, values).fetchall()


def _conversation(home: Path, network: str) -> int | None:
    query = "SELECT c.id FROM inbox_conversation c JOIN town_town t ON t.id = c.town_id WHERE t.slug = 'waterdam' AND network = ?"
    found = _ask(home, query, network)
    return found[0][0] if found else None


def _reactions(home: Path) -> list[tuple]:
    """Return the networks on which somebody reacted to what we sent."""
    query = "SELECT DISTINCT p.network FROM channels_post p JOIN channels_outgoing o ON o.uri = p.parent_uri WHERE NOT p.ours"
    return _ask(home, query)

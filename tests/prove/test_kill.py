"""Acceptance: no kill -9, at whatever moment, loses, doubles or sends twice."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest

from plein.channels.memory import Square
from tests import factories
from tests.prove import kill


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(0)
def test_no_kill_loses_a_post_doubles_one_or_sends_a_reply_twice(database, database_url, folder, whole, seed):
    size = kill.WHOLE if whole else kill.TENTH
    chance = random.Random(f"{seed} {database}")
    address = str(folder / "square.sqlite3")
    square = Square(address)
    town = factories.waterdam()
    factories.memory_channel(town, address, handle=kill.HANDLE, identity=f"square:{kill.HANDLE}")
    actor = factories.actor(factories.femke(town), town)
    talk = kill.Talk(square, chance)
    engine = kill.Engine(database_url, folder / "engine.log")
    kill.misbehave(square)
    planned = busy = 0
    try:
        for number in range(1, size.kills + 1):
            engine.start()
            talk.go_on(size.posts // size.kills // 2)
            before = kill.progress()
            _wait_for_work(before)
            talk.go_on(size.posts // size.kills - size.posts // size.kills // 2)
            planned += kill.answer_some(actor, chance, size.replies * number // size.kills - planned)
            before = kill.progress()
            time.sleep(chance.uniform(0.0, 1.2))
            engine.kill()
            busy += kill.progress() != before
        kill.be_good(square)
        kill.let_time_pass(timedelta(minutes=2))
        engine.start()
        settled = kill.settle(square, 900)
    finally:
        engine.kill()
    found = kill.figures(talk, size.kills, busy)
    print(f"\n{database}, seed {seed}\n{found}")
    assert settled, f"still at work: what it has not read or sent is not lost\n{found}"
    assert found.told["replies asked for"] == size.replies
    assert not any(found.wrong.values()), f"{found}\n{(folder / 'engine.log').read_text()[-3000:]}"


def _wait_for_work(before: tuple) -> None:
    """Wait until the engine has done something: a kill before that proves nothing."""
    until = time.monotonic() + 30
    while kill.progress() == before and time.monotonic() < until:
        time.sleep(0.02)

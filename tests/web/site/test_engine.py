"""The engine: workers in threads, whatever goes wrong in them, and streams that come and go."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone

from plein_web.channels.models import Source
from plein_web.site import engine as engines
from plein_web.site.engine import Engine
from plein_web.site.streams import Streams
from plein_web.site.table import WORKERS, Worker
from plein_web.town.models import Town, WorkerBeat
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def until(true: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.02)


def run(monkeypatch: pytest.MonkeyPatch, function: Callable, **options) -> Engine:
    """Return a running engine with one worker, whose beats are written at once."""
    monkeypatch.setattr(engines, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(Worker, "load", lambda worker: function)
    engine = Engine((Worker("work", "", 0.02),), streams=options.get("streams") or Streams(wanted=list))
    engine.start()
    return engine


def stop(engine: Engine) -> float:
    """Stop an engine and return how many seconds it took."""
    began = time.monotonic()
    engine.stop.set()
    engine.wait()
    return time.monotonic() - began


def test_every_worker_of_the_table_can_be_loaded() -> None:
    assert all(callable(worker.load()) for worker in WORKERS)


def test_a_worker_is_called_again_and_again_and_its_work_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    work = iter([3, 2])
    engine = run(monkeypatch, lambda now: next(work, 0))
    until(lambda: WorkerBeat.objects.filter(worker="work", done=5).exists())
    assert stop(engine) < 2
    assert WorkerBeat.objects.get(worker="work").error == ""


def test_a_failing_worker_is_written_down_without_its_secrets_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "AFTER_ERROR", (0.02,))
    rounds: list[int] = []

    def work(now) -> int:
        rounds.append(1)
        if len(rounds) < 3:
            raise ValueError("no answer from https://s.example?token=very-secret")
        return 0

    engine = run(monkeypatch, work)
    until(lambda: len(rounds) > 3)
    until(lambda: WorkerBeat.objects.filter(worker="work", error="").exists())
    stop(engine)


def test_the_error_of_a_worker_is_told_on_its_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    def work(now) -> int:
        raise ValueError("no answer from https://s.example?token=very-secret")

    engine = run(monkeypatch, work)
    until(lambda: WorkerBeat.objects.filter(worker="work").exclude(error="").exists())
    stop(engine)
    error = WorkerBeat.objects.get(worker="work").error
    assert error.startswith("ValueError: no answer")
    assert "very-secret" not in error


def test_a_worker_whose_connection_broke_gets_a_new_one(monkeypatch: pytest.MonkeyPatch, waterdam) -> None:
    monkeypatch.setattr(engines, "AFTER_ERROR", (0.02,))
    rounds: list[int] = []

    def work(now) -> int:
        rounds.append(Town.objects.count())
        if len(rounds) == 1:
            connection.connection.close()
            Town.objects.count()
        return 0

    engine = run(monkeypatch, work)
    until(lambda: len(rounds) > 2)
    stop(engine)


def test_a_worker_that_hangs_does_not_keep_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = threading.Event()
    engine = run(monkeypatch, lambda now: int(not hanging.wait(30)))
    assert stop(engine) < 2
    hanging.set()


class Followed:
    """Remembers which sources are being followed."""

    def __init__(self) -> None:
        self.now: list[str] = []
        self.times = 0

    def __call__(self, source: Source, stop: threading.Event) -> None:
        self.times += 1
        self.now.append(source.address)
        stop.wait(10)
        self.now.remove(source.address)


def test_streams_start_and_stop_as_the_rows_of_sources_change(waterdam) -> None:
    followed = Followed()
    streams = Streams(wanted=lambda: list(Source.objects.filter(active=True)), follow=followed)
    source = factories.source(waterdam, kind="public", address="first")
    streams.tend(timezone.now())
    until(lambda: followed.now == ["first"])
    streams.tend(timezone.now())
    assert followed.times == 1

    Source.objects.filter(pk=source.pk).update(address="second")
    streams.tend(timezone.now())
    until(lambda: followed.now == ["second"])

    Source.objects.filter(pk=source.pk).update(active=False)
    streams.tend(timezone.now())
    until(lambda: followed.now == [])


def test_a_stream_that_fell_over_is_taken_up_again(waterdam) -> None:
    times: list[int] = []

    def follow(source: Source, stop: threading.Event) -> None:
        times.append(1)
        if len(times) == 1:
            raise ValueError("hung up")
        stop.wait(5)

    streams = Streams(wanted=lambda: list(Source.objects.all()), follow=follow, rests=(0.02,))
    factories.source(waterdam, kind="public")
    streams.tend(timezone.now())
    until(lambda: len(times) == 2)
    streams.stop()

"""The servers of the tests end with the test, whatever ends the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.needs import missing
from tests.servers import mastodon

ROOT = Path(__file__).parents[2]
STARTS = """
import time
from tests.servers.mastodon import mastodon_network
with mastodon_network() as network:
    print(*network.hosts, flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("end", ["terminate", "kill"])
def test_both_instances_end_with_the_process_that_started_them(end: str, tmp_path: Path) -> None:
    if lacking := mastodon.missing():
        missing("The ActivityPub server", lacking)
    settings = {"cwd": ROOT, "env": os.environ | {"TMPDIR": str(tmp_path)}}
    with subprocess.Popen([sys.executable, "-c", STARTS], stdout=subprocess.PIPE, text=True, **settings) as started:
        hosts = started.stdout.readline().split()
        assert len(hosts) == 2
        assert all(_answers(host) for host in hosts)
        getattr(started, end)()
        started.wait(10)
    until = time.monotonic() + 5
    while any(_answers(host) for host in hosts):
        assert time.monotonic() < until
        time.sleep(0.05)


def _answers(host: str) -> bool:
    try:
        socket.create_connection((host, 80), 1).close()
        return True
    except OSError:
        return False

"""`plein demo` as somebody runs it: processes, a link, an answer, a reaction, an end."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plein.channels.memory import Square
from tests.driving import answer, come_in, until

# A demo has a home, and a SQLite, of its own.
DATABASES = ("sqlite",)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "demo"


@pytest.fixture
def demo(home: Path, tmp_path: Path) -> Iterator[subprocess.Popen]:
    """A demo on a free port, with an environment that points at somebody's real database."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/real.sqlite3",
        "PLEIN_HOME": str(tmp_path / "real"),
    }
    command = [sys.executable, "-m", "plein_web.site.cli", "demo", "--home", str(home), "--port", "0"]
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.STDOUT)
        yield process
        if process.poll() is None:
            process.kill()


def test_a_resident_reacts_to_my_answer_and_ctrl_c_ends_everything(demo, home, tmp_path):
    said = tmp_path / "said"
    link = until(lambda: re.search(r"http://\S+/enter/\S+", said.read_text()))[0]
    assert "Oefenplein" in said.read_text() and "half a minute" in said.read_text()
    client = come_in(link)
    base = link.split("/enter/")[0]
    inbox = client.get(f"{base}/waterdam/inbox/")
    assert "Marloes Teunisse" in inbox.text
    conversation = f"{base}{re.search(r'/waterdam/inbox/[0-9]+/', inbox.text)[0]}"
    answer(client, conversation, "Dank je wel, we gaan vandaag kijken. ^SB")
    square = Square(str(home / "oefenplein.sqlite3"))

    def reaction() -> object:
        ours = [post for post in square.posts() if post.text.endswith("we gaan vandaag kijken. ^SB")]
        return ours and [post for post in square.posts() if post.parent == ours[0].uri]

    until(reaction)
    assert not (tmp_path / "real.sqlite3").exists() and not (tmp_path / "real").exists()
    children = _children(demo.pid)
    assert len(children) == 3
    demo.send_signal(signal.SIGINT)
    assert demo.wait(15) == 0
    assert not [pid for pid in children if _alive(pid)]
    assert "Traceback" not in said.read_text()


def test_a_folder_that_is_not_a_demos_is_left_alone(home):
    home.mkdir()
    (home / "letters.txt").write_text("important")
    command = [sys.executable, "-m", "plein_web.site.cli", "demo", "--fresh", "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and "not a folder of the demo" in done.stderr
    assert (home / "letters.txt").read_text() == "important"


def _children(pid: int) -> list[int]:
    text = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True).stdout
    return [int(word) for word in text.split()]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True

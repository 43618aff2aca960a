"""`plein up`: everything for one town or a few, in three processes.

The supervisor imports no Django. It opens the door (so that a restart of the web process loses
no connection), starts a web and an engine process, starts them again when they fall over, and
ends them together.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from plein_web.site.processes import ADDRESS_FILE, DATABASE_FILE, PARENT, home_in
from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _

PORT = 8321
# How long a process that fell over stays down, in seconds, the first and every next time.
REST = (0.5, 1, 2, 5, 15, 30)
# A process that lived this long fell over for a new reason.
STEADY = 60.0
LAST_WORDS = 6.0
ADDRESS = "PLEIN_ADDRESS"


@dataclass
class Child:
    """A process that has to be there."""

    name: str
    start: Callable[[], subprocess.Popen]
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    falls: int = 0
    again_at: float = field(default=0.0)

    def keep(self, now: float) -> None:
        """Start it where it is not running and has rested enough."""
        if self.process is not None and self.process.poll() is not None:
            self._fell(now)
        if self.process is None and now >= self.again_at:
            self.process, self.started_at = self.start(), now

    def _fell(self, now: float) -> None:
        code = self.process.returncode if self.process else 0
        self.falls = 0 if now - self.started_at > STEADY else self.falls + 1
        rest = REST[min(self.falls, len(REST) - 1)]
        say(_("The %(name)s process ended (%(code)s). It starts again in %(rest)s s.") % vars_of(self.name, code, rest))
        self.process, self.again_at = None, now + rest

    def signal(self, number: int) -> None:
        """Pass a signal on."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def wait(self, deadline: float) -> None:
        """Wait for its end, and make one when it takes too long."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def vars_of(name: str, code: int, rest: float) -> dict[str, object]:
    """Return what the sentence about a fall is made of."""
    return {"name": name, "code": code, "rest": rest}


def say(text: str) -> None:
    """Tell the operator something."""
    print(text, flush=True)


def open_door(host: str, port: int | None) -> socket.socket:
    """Return a listening socket: on the port asked for, else on ours, else on any that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    tried = [port] if port is not None else [PORT, *range(PORT + 1, PORT + 20), 0]
    for number in tried:
        with contextlib.suppress(OSError):
            return socket.create_server((host, number), family=family, backlog=512)
    raise Told(_("Port %(port)s on %(host)s is taken. Choose another with --port.") % {"port": tried[0], "host": host})


def address_of(door: socket.socket, host: str) -> str:
    """Return the address that people type."""
    everywhere = ("0.0.0.0", "::", "")  # noqa: S104 - compared with, not bound to
    shown = "127.0.0.1" if host in everywhere else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{door.getsockname()[1]}"


def prepare_home(environment: Mapping[str, str]) -> None:
    """Make the folder and an SQLite file in WAL mode, and write down the address that people type.

    Two processes that switch a new file to WAL at the same moment get "database is locked",
    whatever their timeout.
    """
    home = home_in(environment)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if "DATABASE_URL" not in environment:
        # SQLite gives the files beside it the same rights.
        (home / DATABASE_FILE).touch(mode=0o600)
        with contextlib.closing(sqlite3.connect(home / DATABASE_FILE, timeout=20)) as opened:
            opened.execute("PRAGMA journal_mode=WAL")
    (home / ADDRESS_FILE).write_text(environment[ADDRESS] + "\n")


class Supervisor:
    """Web and engine, together."""

    def __init__(
        self, *, host: str, port: int | None, engines: int = 1, greet: Callable[[str, str], None] | None = None
    ):
        self.door = open_door(host, port)
        self.address = address_of(self.door, host)
        self.environment = {**os.environ, PARENT: str(os.getpid())}
        self.environment.setdefault(ADDRESS, self.address)
        prepare_home(self.environment)
        self.greet = greet or _greet
        self.stopping = False
        self._reports: int | None = None
        self.children = [Child("web", self._web), *(Child("engine", self._engine) for _number in range(engines))]

    def run(self) -> int:
        """Keep everything running until a signal says stop."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._signalled)
        while not self.stopping:
            for child in self.children:
                child.keep(time.monotonic())
            self._listen(0.25)
        return self._end()

    def _web(self) -> subprocess.Popen:
        ours, theirs = os.pipe()
        arguments = ["web", "--migrate", "--descriptor", str(self.door.fileno()), "--report", str(theirs)]
        process = self._start(arguments, (self.door.fileno(), theirs))
        os.close(theirs)
        if self._reports is not None:
            os.close(self._reports)
        self._reports = ours
        return process

    def _engine(self) -> subprocess.Popen:
        return self._start(["engine"], ())

    def _start(self, arguments: list[str], descriptors: tuple[int, ...]) -> subprocess.Popen:
        command = [sys.executable, "-m", "plein_web.site.cli", *arguments]
        return subprocess.Popen(command, env=self.environment, pass_fds=descriptors, stdin=subprocess.DEVNULL)

    def _listen(self, seconds: float) -> None:
        """Wait a moment, and hear whether the web process answers."""
        if self._reports is None:
            time.sleep(seconds)
            return
        with contextlib.suppress(InterruptedError):
            if select.select([self._reports], [], [], seconds)[0]:
                said = os.read(self._reports, 4096)
                os.close(self._reports)
                self._reports = None
                if said:
                    self.greet(self.environment[ADDRESS], json.loads(said)["setup"])
                    self.greet = _silent

    def _signalled(self, number: int, frame: object) -> None:
        if number == signal.SIGHUP:
            for child in self.children:
                child.signal(signal.SIGTERM)
            return
        self.stopping = True

    def _end(self) -> int:
        for child in self.children:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + LAST_WORDS
        for child in self.children:
            child.wait(deadline)
        self.door.close()
        return 0


def _greet(address: str, setup: str) -> None:
    say(_("Plein answers at %(address)s") % {"address": address})
    if setup:
        say(_("There is no municipality yet. Set it up at:"))
        say(f"  {setup}")
    say(_("Stop with Ctrl-C."))


def _silent(address: str, setup: str) -> None:
    """A restart is not news."""

"""`plein demo`: the product with two fictional towns, on a practice network or on real servers."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _
from plein_web.site.supervisor import Child, Supervisor, say

# A file in the folder says that it is a demo's, and may be thrown away.
MARK = "demo.json"
# What points at somebody's real installation has no say here.
FOREIGN = (
    "DATABASE_URL",
    "PLEIN_KEY_FILE",
    "PLEIN_SECRET_KEY",
    "PLEIN_ADDRESS",
    "PLEIN_HOSTS",
    "PLEIN_EMAIL_URL",
    "PLEIN_PRACTICE_SQUARE",
)


def main(arguments: Sequence[str]) -> int:
    """Run the demo until Ctrl-C."""
    options = _parser().parse_args(arguments)
    home = _home(Path(options.home or "demo-data").resolve(), fresh=options.fresh)
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ["PLEIN_HOME"] = str(home)
    if options.servers:
        from plein_web.site.demo import servers

        return servers.run(home, host=options.host, port=options.port)
    return run(home, host=options.host, port=options.port)


def run(home: Path, *, host: str, port: int | None) -> int:
    """Fill the home where it is empty, and show it."""
    square = home / "oefenplein.sqlite3"
    paper = _paper_port(home)
    # On purpose, for this one port: the newspaper lives on this machine too.
    os.environ["PLEIN_ALLOWED_ADDRESSES"] = f"127.0.0.1:{paper}"
    os.environ["PLEIN_PRACTICE_SQUARE"] = str(square)
    supervisor = Supervisor(host=host, port=port)
    try:
        feed = f"http://127.0.0.1:{paper}/feed"
        patience = _("Two towns live through weeks of messages. The first time that takes about half a minute.")
        report = prepare(supervisor, "plein_web.site.demo.filling", home, str(square), feed, patience=patience)
    except BaseException:
        supervisor.door.close()
        raise
    supervisor.greet = lambda address, setup: greet(address, report, home)
    supervisor.children.append(
        Child("residents", lambda: start(supervisor, "plein_web.site.demo.residents", str(square), str(paper)))
    )
    return supervisor.run()


def prepare(supervisor: Supervisor, module: str, home: Path, *arguments: str, patience: str = "") -> dict[str, str]:
    """Run a module that fills the home and return the sign-in links that it reports. Raises Told."""
    report = home / "links.json"
    say(_("Preparing the demo in %(folder)s ...") % {"folder": home})
    if patience and not is_filled(home):
        say(patience)
    filled = start(supervisor, module, *arguments, str(report))
    try:
        if filled.wait() != 0:
            raise Told(_("The demo could not be filled. Start again with: plein demo --fresh"))
        mark_filled(home)
        return json.loads(report.read_text())
    finally:
        if filled.poll() is None:
            filled.terminate()
            filled.wait()
        report.unlink(missing_ok=True)


def start(supervisor: Supervisor, module: str, *arguments: str) -> subprocess.Popen:
    """Start a module of ours beside web and engine."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments], env=supervisor.environment, stdin=subprocess.DEVNULL
    )


def greet(address: str, links: dict[str, str], home: Path, network: str = "") -> None:
    """Tell where to look, and how to get in."""
    first, *others = links.items()
    say("")
    say(_("The demo of Plein runs at %(address)s") % {"address": address})
    say(network or _("Everything happens on Oefenplein, a practice network. Nothing really goes out."))
    say("")
    say(_("Open this to come in as %(name)s; it works once:") % {"name": first[0]})
    say(f"  {first[1]}")
    say("")
    for name, link in others:
        say(_("Or as %(name)s:") % {"name": name})
        say(f"  {link}")
    say(_("Another link: %(command)s") % {"command": _link_command(address, home)})
    say(_("Answer somebody and wait ten seconds: they react. Stop with Ctrl-C."))


def _link_command(address: str, home: Path) -> str:
    """Return what somebody types to get a new link."""
    program = sys.argv[0] if Path(sys.argv[0]).name == "plein" else f"{sys.executable} -m plein_web.site.cli"
    return f"PLEIN_ADDRESS={address} {program} --home {home} user link sanne.bos@waterdam.example"


def _home(home: Path, *, fresh: bool) -> Path:
    """Return the folder of the demo; a folder that is not a demo's is left alone. Raises Told."""
    if home.exists() and any(home.iterdir()) and not (home / MARK).exists():
        raise Told(_("%(folder)s is not a folder of the demo. Name another one with --home.") % {"folder": home})
    if fresh or _is_half_filled(home):
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (home / MARK).exists():
        (home / MARK).write_text(json.dumps({"filled": False}))
    return home


def _is_half_filled(home: Path) -> bool:
    return (home / MARK).exists() and not is_filled(home)


def _paper_port(home: Path) -> int:
    """Return a port for the newspaper: the one that it had, or another where that is taken."""
    known = home / "paper.port"
    for port in (int(known.read_text()) if known.exists() else 0, 0):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)) as tried:
            known.write_text(str(tried.getsockname()[1]))
            return tried.getsockname()[1]
    raise Told(_("No port on 127.0.0.1 is free."))


def is_filled(home: Path) -> bool:
    """Whether the history is complete."""
    return bool(json.loads((home / MARK).read_text())["filled"])


def mark_filled(home: Path) -> None:
    """Write that the history is complete, so that the next start leaves it as it is."""
    (home / MARK).write_text(json.dumps({"filled": True}))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="plein demo", description=_("Show Plein with two fictional municipalities."), allow_abbrev=False
    )
    parser.add_argument("--home", help=_("the folder to keep the demo in (demo-data; PLEIN_HOME has no say)"))
    parser.add_argument("--fresh", action="store_true", help=_("throw away what an earlier demo left"))
    parser.add_argument(
        "--servers", action="store_true", help=_("on real servers on this machine, instead of the practice network")
    )
    parser.add_argument("--host", default="127.0.0.1", help=_("the address to listen on (127.0.0.1)"))
    parser.add_argument("--port", type=int, help=_("the port to listen on (8321, or the next that is free)"))
    return parser

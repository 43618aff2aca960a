"""A real ActivityPub server with the Mastodon API on loopback: snac2, from Debian.

The package is unpacked under `.cache/servers`, never installed. Two instances federate with each
other over port 80, because a mention of somebody on a host with a port is not understood; each
gets an address of its own in 127.0.0.0/8, so that runs side by side do not meet.

    with mastodon_network() as net:
        town = net.person("gemeente")
        resident = net.person("burger", instance=1)
        resident.post("@gemeente@" + net.hosts[0] + " de lamp is stuk")
"""

from __future__ import annotations

import html
import json
import random
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

from tests.servers.processes import CACHE, Missing, ended, run, say, wait_for

VERSION = "2.75-2~bpo12+1"
SUITE = "bookworm-backports"
WHAT = f"The ActivityPub server (snac2 {VERSION})"
HOME = CACHE / f"snac2-{VERSION.replace('~', '-')}"
BINARY = HOME / "usr" / "bin" / "snac"
# Its queue wakes up every few seconds: what is sent shows on the other side well within this.
DELIVERY = 30.0
CALLBACK = "http://localhost:9/callback"
SCOPES = "read write"


# -- install ---------------------------------------------------------------------------------


def install() -> Path:
    """Obtain the server, once; return its binary. Raises Missing with the remedy."""
    if not BINARY.exists():
        say("Fetching snac2 from Debian's backports ...")
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="snac2-", dir=CACHE) as folder:
            package = _download(Path(folder))
            unpacked = Path(folder) / "unpacked"
            run(["dpkg-deb", "-x", str(package), str(unpacked)], WHAT)
            unpacked.rename(HOME)
    _check_binary()
    return BINARY


def missing() -> str:
    """Return why the server cannot run here ("": it can), without downloading anything."""
    try:
        _check_binary()
        _check_port()
    except Missing as lacking:
        return str(lacking)
    return ""


def _download(folder: Path) -> Path:
    """Fetch the package from the backports suite on the mirror that the machine already uses."""
    for tool in ("apt-get", "dpkg-deb"):
        if not shutil.which(tool):
            raise Missing(f"{tool} is not here: the ActivityPub server (snac2) comes from Debian 12 or newer.")
    sources = folder / "sources.list"
    sources.write_text(_sources_line())
    for made in ("lists/partial", "cache/archives/partial"):
        (folder / made).mkdir(parents=True)
    options = [
        f"-oDir::Etc::sourcelist={sources}",
        "-oDir::Etc::sourceparts=-",
        f"-oDir::State::lists={folder / 'lists'}",
        f"-oDir::Cache={folder / 'cache'}",
        "-oAPT::Sandbox::User=",
    ]
    run(["apt-get", *options, "update"], WHAT)
    run(["apt-get", *options, "download", f"snac2={VERSION}"], WHAT, cwd=folder)
    return next(folder.glob("snac2_*.deb"))


def _sources_line() -> str:
    """Return one line for apt: our suite, on the first Debian mirror of this machine's own lists."""
    for path in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]:
        text = path.read_text() if path.is_file() else ""
        found = re.search(r"^(?:URIs:|deb\s+(?:\[[^]]*\]\s*)?)\s*(\S+/debian/?)\s", text, re.MULTILINE)
        if found:
            keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
            return f"deb [signed-by={keyring}] {found[1]} {SUITE} main\n"
    raise Missing("No Debian mirror in /etc/apt: the ActivityPub server (snac2) comes from Debian's backports.")


def _check_binary() -> None:
    if not BINARY.exists():
        raise Missing("The ActivityPub server is not here yet: run `python -m tests.servers.install`.")
    linked = subprocess.run(["ldd", str(BINARY)], capture_output=True, text=True, check=False).stdout
    lacking = re.findall(r"(\S+) => not found", linked)
    if lacking:
        raise Missing(f"snac2 needs {', '.join(lacking)}: apt-get install libcurl4 libssl3")


def _check_port() -> None:
    """Port 80 on loopback: for root, or where the kernel gives it to everybody."""
    with socket.socket() as trial:
        try:
            trial.bind((random_address(), 80))
        except PermissionError as error:
            raise Missing(
                "snac2 needs port 80 on loopback: run as root, or `sysctl net.ipv4.ip_unprivileged_port_start=80`."
            ) from error


# -- running ---------------------------------------------------------------------------------


def random_address() -> str:
    """Return a loopback address that nobody else is likely to use."""
    return f"127.{random.randint(1, 254)}.{random.randint(0, 254)}.{random.randint(2, 254)}"


@dataclass
class Person:
    """Somebody with an account, and a token for it."""

    name: str
    host: str
    password: str = field(repr=False)
    token: str = field(default="", repr=False)
    elsewhere: str = ""

    @property
    def base(self) -> str:
        """Return the address of their server."""
        return f"http://{self.host}"

    @property
    def handle(self) -> str:
        """Return how others write their name."""
        return f"@{self.name}@{self.elsewhere or self.host}"

    def call(self, method: str, path: str, **options) -> httpx.Response:
        """Call the Mastodon API as this person; one connection a call."""
        headers = {"authorization": f"Bearer {self.token}", "connection": "close", **options.pop("headers", {})}
        with httpx.Client(base_url=self.base, headers=headers, timeout=20) as client:
            answer = client.request(method, path, **options)
        answer.raise_for_status()
        return answer

    def post(self, text: str, **fields) -> dict:
        """Write a post; the entity as the server gives it."""
        return self.call("POST", "/api/v1/statuses", data={"status": text, **fields}).json()

    def edit(self, status_id: str, text: str) -> None:
        """Change a post."""
        self.call("PUT", f"/api/v1/statuses/{status_id}", data={"status": text})

    def delete(self, uri: str) -> None:
        """Take a post back, as its author does in the browser: the API of this server has no delete."""
        form = {"action": "Delete", "id": uri, "redir": "/"}
        with httpx.Client(base_url=self.base, auth=(self.name, self.password), timeout=20) as client:
            answer = client.post(f"/{self.name}/admin/action", data=form)
        if answer.status_code >= 400:
            answer.raise_for_status()

    def find(self, uri: str, within: float = DELIVERY) -> dict:
        """Return a post from elsewhere as this person's server knows it; waits for its delivery."""
        return wait_for(lambda: self._found(uri), within, f"{uri} on {self.host}")

    def _found(self, uri: str) -> dict | None:
        for status in self.call("GET", "/api/v1/timelines/home").json():
            if status["uri"] == uri:
                return status
        for notice in self.call("GET", "/api/v1/notifications").json():
            if (notice.get("status") or {}).get("uri") == uri:
                return notice["status"]
        return None


@dataclass
class Network:
    """Some instances that know each other."""

    folders: list[Path]
    hosts: list[str]

    def person(self, name: str, instance: int = 0) -> Person:
        """Make an account with a token."""
        made = subprocess.run(
            [str(BINARY), "adduser", str(self.folders[instance]), name],
            input="\n", capture_output=True, text=True, check=True, timeout=30,
        )  # fmt: skip
        password = re.search(r"password is (\S+)", made.stdout)[1]
        person = Person(name, self.hosts[instance], password)
        person.token = _token(person)
        return person


@contextmanager
def mastodon_network(instances: int = 2) -> Iterator[Network]:
    """Start federating instances; whatever happens, they end with the block."""
    _check_binary()
    _check_port()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="plein-snac-")))
        network = Network([], [])
        for number in range(instances):
            host = random_address()
            home = folder / str(number)
            _prepare(home, host)
            stack.enter_context(_running(home, host))
            network.folders.append(home)
            network.hosts.append(host)
        yield network


def _prepare(home: Path, host: str) -> None:
    answers = f"{host}\n80\n{host}\n\n\n"
    subprocess.run([str(BINARY), "init", str(home)], input=answers, text=True, capture_output=True, check=True)
    settings = home / "server.json"
    values = json.loads(settings.read_text())
    # Without retries in minutes: a delivery that fails once, on a busy machine, should come within the test.
    values |= {"protocol": "http", "num_threads": 8, "badlogin_retries": 1000, "disable_email_notifications": True}
    values |= {"queue_retry_minutes": 0, "queue_timeout": 20}
    settings.write_text(json.dumps(values))


@contextmanager
def _running(home: Path, host: str) -> Iterator[None]:
    with (home / "log").open("wb") as log, ended([str(BINARY), "httpd", str(home)], stdout=log, stderr=log) as process:
        wait_for(lambda: process.poll() is None and _answers(host), 10, f"snac2 on {host}")
        yield


def _answers(host: str) -> bool:
    try:
        socket.create_connection((host, 80), 1).close()
        return True
    except OSError:
        return False


def _token(person: Person) -> str:
    """Sign in as a person does: application, form, code, token."""
    # It hangs up after each answer: a connection that is used again may be reset.
    with httpx.Client(base_url=person.base, timeout=20, headers={"connection": "close"}) as client:
        asked = {"client_name": "Plein", "redirect_uris": CALLBACK, "scopes": SCOPES}
        app = client.post("/api/v1/apps", data=asked).json()
        query = {"client_id": app["client_id"], "redirect_uri": CALLBACK, "response_type": "code", "scope": SCOPES}
        page = client.get("/oauth/authorize", params=query)
        action = html.unescape(re.search(r'<form[^>]*action="([^"]+)"', page.text)[1])
        hidden = r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"'
        form = {name: html.unescape(value) for name, value in re.findall(hidden, page.text)}
        form |= {"login": person.name, "passwd": person.password}
        back = client.post(urljoin(str(page.url), action), data=form).headers["location"]
        code = parse_qs(urlsplit(back).query)["code"][0]
        grant = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, "scope": SCOPES}
        grant |= {"client_id": app["client_id"], "client_secret": app["client_secret"]}
        return client.post("/oauth/token", data=grant).json()["access_token"]

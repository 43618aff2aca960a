"""The one door to the network.

Nothing in Plein opens a connection of its own. The door refuses addresses inside our own
network, whoever names them: a feed, a link, a redirect or a name that resolves to one. It
checks the address it connects to, not the name, so a name cannot change in between.

An administrator may let an address through on purpose, as `host` or `host:port`.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from plein.town.saying import own

USER_AGENT = "Plein/0.1 (municipal webcare; see the site of the municipality that runs it)"
TIMEOUT = httpx.Timeout(20.0, connect=8.0)
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# No longer in use for the whole world, so that a network may use them inside; Python counts them as public.
WITHDRAWN = (ipaddress.IPv6Network("fec0::/10"), ipaddress.IPv4Network("192.88.99.0/24"))
MAX_BYTES = 8 * 1024 * 1024


class DoorClosed(Exception):
    """The address lies inside our own network and nobody allowed it."""


def is_private(address: str) -> bool:
    """Whether an IP address is one that a stranger may not send us to.

    >>> is_private("127.0.0.1"), is_private("::ffff:10.0.0.1"), is_private("93.184.216.34")
    (True, True, False)
    """
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _inside(ip)
        if inner:
            return is_private(str(inner))
    withdrawn = any(ip in network for network in WITHDRAWN)
    return not ip.is_global or ip.is_multicast or ip.is_reserved or withdrawn


def _inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address leads to, by whichever transition scheme."""
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


@cache
def _ssl_context(ca_file: str | None) -> ssl.SSLContext:
    # Reading all authorities takes 30 ms, and every look at a network makes a client.
    return ssl.create_default_context(cafile=ca_file)


@dataclass(frozen=True, slots=True)
class Door:
    """Opens connections. `allowed` lists hosts (`host` or `host:port`) that may be private."""

    allowed: frozenset[str] = frozenset()
    proxy: str | None = None
    ca_file: str | None = None
    timeout: httpx.Timeout = field(default_factory=lambda: TIMEOUT)

    def allowing(self, addresses: Iterable[str]) -> Door:
        """Return a door that also lets these addresses through."""
        return Door(self.allowed | frozenset(addresses), self.proxy, self.ca_file, self.timeout)

    def resolve(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """Return the addresses of a host that may be connected to; raises DoorClosed if none may."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if self.allows(host, port):
            return found
        usable = [entry for entry in found if not is_private(str(entry[4][0]))]
        if len(usable) < len(found):
            raise DoorClosed(
                own(
                    "{0} leads to an address inside our own network. "
                    "If that is meant to be, let an administrator allow {1}.",
                    host,
                    f"{host}:{port}",
                )
            )
        return usable

    def allows(self, host: str, port: int) -> bool:
        """Whether an administrator let this address through, wherever it leads."""
        return bool(self.allowed & {host.lower(), f"{host.lower()}:{port}"})

    def connect(self, host: str, port: int, timeout: float | None = None) -> socket.socket:
        """Return an open socket to a checked address."""
        error: OSError | None = None
        for family, kind, protocol, _, address in self.resolve(host, port):
            try:
                # A machine without IPv6 cannot even make a socket for it.
                opened = socket.socket(family, kind, protocol)
            except OSError as failed:
                error = failed
                continue
            try:
                opened.settimeout(timeout)
                opened.connect(address)
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return opened
            except OSError as failed:
                opened.close()
                error = failed
        raise error or OSError(f"{host} has no address")

    def ssl_context(self) -> ssl.SSLContext:
        """Return the TLS settings, with the municipality's own authority where it has one."""
        return _ssl_context(self.ca_file)

    def client(self, **options: Any) -> httpx.Client:
        """Return an HTTP client that only goes through this door."""
        options.setdefault("timeout", self.timeout)
        headers = {"user-agent": USER_AGENT, **options.pop("headers", {})}
        transport = _GuardedTransport(self)
        return httpx.Client(transport=transport, headers=headers, trust_env=False, **options)

    def websocket(self, url: str, **options: Any) -> Any:
        """Return an open websocket (of the `websockets` library, synchronous)."""
        from websockets.sync.client import connect

        parts = urlsplit(url)
        secure = parts.scheme == "wss"
        if self.proxy:
            self.resolve_target(parts.hostname or "", parts.port or (443 if secure else 80))
            return connect(
                url,
                proxy=self.proxy,
                ssl=self.ssl_context() if secure else None,
                user_agent_header=USER_AGENT,
                **options,
            )
        opened = self.connect(parts.hostname or "", parts.port or (443 if secure else 80), 10)
        context = self.ssl_context() if secure else None
        return connect(url, sock=opened, ssl=context, proxy=None, user_agent_header=USER_AGENT, **options)

    def resolve_target(self, host: str, port: int) -> None:
        """Refuse a private target behind a proxy, and a name of which we cannot tell where it leads.

        The proxy looks the name up once more: that it refuses private addresses too is for its keeper.
        """
        if self.allows(host, port):
            return
        try:
            self.resolve(host, port)
        except socket.gaierror as unknown:
            raise DoorClosed(
                own(
                    "{0} cannot be found from this machine, so that nobody knows where the proxy would take us. "
                    "If it is known to the proxy alone, let an administrator allow {1}.",
                    host,
                    f"{host}:{port}",
                )
            ) from unknown


class _GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport, with our check between the name and the connection."""

    def __init__(self, door: Door) -> None:
        super().__init__(verify=door.ssl_context(), proxy=door.proxy, retries=0)
        self._door = door
        if not door.proxy:
            # httpx has no argument for it; httpcore's pool does, and keeps it here.
            self._pool._network_backend = _GuardedBackend(door)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self._door.proxy:
            self._door.resolve_target(
                request.url.host, request.url.port or (443 if request.url.scheme == "https" else 80)
            )
        return super().handle_request(request)


class _GuardedBackend(httpcore.SyncBackend):
    """Resolves once, checks, and connects to the address it checked."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        try:
            entries = self._door.resolve(host, port)
        except socket.gaierror as error:
            raise httpcore.ConnectError(error.strerror or "no such name") from error
        failed: Exception = httpcore.ConnectError("it has no address")
        for entry in entries:
            try:
                return super().connect_tcp(str(entry[4][0]), port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

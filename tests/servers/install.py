"""Obtain the servers that the contract tests, the browser story and `make demo SERVERS=1` run on.

    python -m tests.servers.install

Does nothing when everything is there. Says what it does, and what it could not get.
"""

from __future__ import annotations

import sys

from tests.servers import bluesky, mastodon

SERVERS = {"Bluesky (PDS and AppView)": bluesky, "ActivityPub with the Mastodon API (snac2)": mastodon}


def main() -> int:
    """Install every server; returns how many cannot run here."""
    return sum(_install(name, server) for name, server in SERVERS.items())


def _install(name: str, server) -> bool:
    """Install one server and say how that went; returns whether it cannot run."""
    try:
        server.install()
        lacking = server.missing()
    except (bluesky.Missing, mastodon.Missing) as error:
        lacking = str(error)
    print(f"{name}: {lacking or 'ready'}", flush=True)
    return bool(lacking)


if __name__ == "__main__":
    sys.exit(main())

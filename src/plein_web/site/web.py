"""The web process: one ASGI server with every page and `/live`."""

from __future__ import annotations

import json
import os
import socket

from plein_web.site import logging as logs
from plein_web.site.processes import end_with_parent, setup


def serve(*, host: str, port: int, descriptor: int | None, report: int | None, migrate: bool) -> int:
    """Serve until a signal says stop.

    `descriptor` is a listening socket that the supervisor opened; `report` is a pipe on which
    it hears, as a line of JSON, that we answer.
    """
    setup()
    logs.configure()
    if migrate:
        from plein_web.site.processes import bring_rows_up_to_date

        bring_rows_up_to_date()
    listener = socket.socket(fileno=descriptor) if descriptor is not None else _listen(host, port)
    server = _server()
    end_with_parent()
    if report is not None:
        _report(report)
    server.run(sockets=[listener])
    return 0


def _listen(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), backlog=512, family=socket.AF_INET6 if ":" in host else socket.AF_INET)


def _server():
    import uvicorn

    from plein_web.site.asgi import application

    # Without the access log: it would write down who reads what, and one-time links.
    config = uvicorn.Config(
        application, log_config=None, access_log=False, lifespan="off", server_header=False,
        timeout_graceful_shutdown=2, ws="none",
    )  # fmt: skip
    return uvicorn.Server(config)


def _report(descriptor: int) -> None:
    from plein_web.site.accounts import setup_link
    from plein_web.town.models import Town

    answer = {"setup": "" if Town.objects.exists() else setup_link()}
    with os.fdopen(descriptor, "w") as pipe:
        pipe.write(json.dumps(answer) + "\n")

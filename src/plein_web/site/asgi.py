"""One address: `/live` is bare ASGI, everything else is Django."""

from __future__ import annotations

import os
import warnings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein_web.site.settings")

from django.core.asgi import get_asgi_application

# Static files come from memory or a short file: reading one ahead of sending it costs nothing.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

pages = get_asgi_application()

from plein_web.site.live import live  # noqa: E402 - needs the rows that Django has just loaded


async def application(scope: dict, receive, send) -> None:
    """Send a request to its side of the house."""
    if scope["type"] == "http" and scope["path"] == "/live":
        await live(scope, receive, send)
    else:
        await pages(scope, receive, send)

"""One address: `/live` is bare ASGI, everything else is Django."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein_web.site.settings")

from django.core.asgi import get_asgi_application  # noqa: E402

application = get_asgi_application()

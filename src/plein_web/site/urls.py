"""Every address, room by room."""

from __future__ import annotations

urlpatterns: list = []

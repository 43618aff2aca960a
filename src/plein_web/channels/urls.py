"""The addresses of this room, under a town's."""

from __future__ import annotations

urlpatterns: list = []

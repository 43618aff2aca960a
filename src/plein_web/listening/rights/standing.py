"""Who objected, in a form that a listener holds beside its watches."""

from __future__ import annotations

from plein.listening.unheard import Unheard, purpose_of
from plein_web.listening.rights.models import Objection
from plein_web.town.actions import vault


def unheard() -> dict[int, Unheard]:
    """Return those who objected, for each town that has any."""
    found: dict[int, set[str]] = {}
    for town, digest in Objection.objects.values_list("town", "digest"):
        found.setdefault(town, set()).add(digest)
    keys = vault() if found else None
    return {town: Unheard(keys.derive(purpose_of(town))[-1], frozenset(held)) for town, held in found.items()}

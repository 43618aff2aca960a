"""Who keeps what going: the table of workers, in the order in which a message travels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module


@dataclass(frozen=True, slots=True)
class Worker:
    """A function that is called again at once while it finds work, and else after `seconds`."""

    name: str
    path: str
    seconds: float

    def load(self) -> Callable[[datetime], int]:
        """Import the function: `run_once(now) -> int`, how much it did."""
        module, name = self.path.rsplit(".", 1)
        return getattr(import_module(module), name)


WORKERS = (
    Worker("poll", "plein_web.channels.workers.poll_sources", 0.5),
    Worker("send", "plein_web.channels.workers.send_due", 0.3),
    Worker("inbox", "plein_web.inbox.workers.apply_events", 0.2),
    Worker("check", "plein_web.channels.workers.check_posts", 4.0),
    Worker("listen", "plein_web.listening.workers.poll_sources", 1.0),
    Worker("search", "plein_web.listening.searching.workers.look_back", 5.0),
    Worker("overheard", "plein_web.listening.workers.apply_events", 1.0),
    Worker("proofs", "plein_web.listening.rights.workers.prove_arrived", 2.0),
    Worker("requests", "plein_web.listening.rights.workers.forget_closed", 3600.0),
    Worker("places", "plein_web.listening.elsewhere.workers.run_once", 2.0),
    Worker("join", "plein_web.listening.elsewhere.workers.join", 0.5),
    Worker("forget_places", "plein_web.listening.elsewhere.workers.forget", 60.0),
    Worker("ask_after", "plein_web.listening.keeping.asking.ask_networks", 15.0),
    Worker("forget", "plein_web.listening.workers.expire", 600.0),
    Worker("forget_conversations", "plein_web.inbox.keeping.expire", 600.0),
    Worker("tokens", "plein_web.channels.workers.check_tokens", 60.0),
    Worker("tidy", "plein_web.channels.workers.tidy", 60.0),
    Worker("mail", "plein_web.inbox.daymail.mailing.send_day_mail", 60.0),
    Worker("seal", "plein_web.town.workers.seal_audit", 3.0),
    Worker("press", "plein_web.town.workers.press_deleted", 60.0),
)

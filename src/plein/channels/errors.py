"""What can go wrong on a network.

    ChannelError            permanent or not, and when to come back: the loop looks at nothing else
    ├── Refused             the network said no and will say no again; its own words are kept
    ├── SignInNeeded        the token died: a person has to connect the channel anew
    ├── TryLater            busy, rate-limited, down or unreachable; also: no answer after sending
    └── Unsupported         the network cannot do this at all; raised before anything is sent
"""

from __future__ import annotations

from plein.town.saying import plain


class ChannelError(Exception):
    """A network did not do what was asked.

    `words` are the network's own. For a send, an error that is not permanent means that the
    outcome is unknown: the network is asked before anything is tried again.
    """

    permanent = False
    needs_sign_in = False

    def __init__(self, words: str, *, retry_after: float | None = None) -> None:
        super().__init__(plain(words))
        self.words = words
        self.retry_after = retry_after


class Refused(ChannelError):
    """The network understood and said no."""

    permanent = True


class SignInNeeded(ChannelError):
    """The network no longer knows our token."""

    permanent = True
    needs_sign_in = True


class TryLater(ChannelError):
    """No answer, or an answer that asks us to come back. `retry_after` is in seconds."""


class Unsupported(ChannelError):
    """The network has no such thing."""

    permanent = True

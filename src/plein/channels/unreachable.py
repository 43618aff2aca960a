"""Why a server cannot be reached, in a sentence that says where to look: the machine's own words are for makers."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Callable, Iterator

import httpx

from plein.town.saying import own

NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN})
UNKNOWN = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


def why(host: str, error: Exception) -> str:
    """Return a sentence about an error between us and a host, by the first cause that we know."""
    for cause in _causes(error):
        for known, sentence in CAUSES:
            if known(cause):
                return sentence(host)
    return own("{0} cannot be reached: {1}", host, str(error) or type(error).__name__)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


# Each cause and what is said of it; the special ones before the general.
CAUSES: tuple[tuple[Callable[[BaseException], bool], Callable[[str], str]], ...] = (
    (
        lambda error: isinstance(error, socket.gaierror) and error.errno in UNKNOWN,
        lambda host: own("There is no server called {0}. Is the name right?", host),
    ),
    (
        lambda error: isinstance(error, socket.gaierror),
        lambda host: own("The name {0} cannot be looked up now. Does this machine have a connection?", host),
    ),
    (
        lambda error: isinstance(error, ssl.SSLCertVerificationError),
        lambda host: own(
            "The certificate of {0} is not trusted: it may have expired, or come from an authority of your own.", host
        ),
    ),
    (
        lambda error: isinstance(error, ssl.SSLError),
        lambda host: own("{0} does not answer over a safe connection. Is the address right?", host),
    ),
    (
        lambda error: isinstance(error, ConnectionRefusedError),
        lambda host: own("{0} lets nobody in there. Is the address right, and is the server on?", host),
    ),
    (
        lambda error: isinstance(error, TimeoutError | httpx.TimeoutException),
        lambda host: own("{0} did not answer in time.", host),
    ),
    (
        lambda error: isinstance(error, OSError) and error.errno in NO_WAY,
        lambda host: own("There is no way from this machine to {0}. Does it have a connection?", host),
    ),
)

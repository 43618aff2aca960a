"""What the processes write down: one line an event, as JSON or for people. Never a secret.

Standard library: the usual structured loggers cost 20 MB a process and a quarter of a second at
every start (docs/decisions).
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from datetime import UTC, datetime

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
HIDDEN = "[…]"
_NAME = (
    r"(?:[\w-]*(?:password|passwd|secret|token|api_?key|access_?key|jwt|credential)s?"
    r"|authorization|cookie|set-cookie)"
)
_SECRET_NAME = re.compile(rf"^{_NAME}$", re.IGNORECASE)
_RULES = (
    # Values with a name: `token=…`, `"accessJwt": "…"`, `Authorization: Bearer …`.
    (
        re.compile(
            rf"(?i)(\b{_NAME}['\"]?\s*[:=]\s*)"
            r"(?:(?:bearer|basic|dpop)\s+)?"
            r"(?:\"[^\"]*\"|'[^']*'|[^\s,;&}\"']+)"
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|basic|dpop)\s+[\w.~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    # Names and passwords in addresses, one-time links, JSON web tokens, our own encrypted values.
    (re.compile(r"(://)[^/\s:@]+:[^/\s@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"(/enter/)[^/\s?]+"), rf"\1{HIDDEN}"),
    (re.compile(r"([?&]code=)[^&\s]+"), rf"\1{HIDDEN}"),
    (re.compile(r"\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?"), HIDDEN),
    (re.compile(r"\bgAAAAA[\w=-]{20,}"), HIDDEN),
)  # fmt: skip


def without_secrets(text: str) -> str:
    """Return a text with what looks like a secret taken out.

    >>> without_secrets("POST https://s.example?access_token=abc failed")
    'POST https://s.example?access_token=[…] failed'
    """
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return text


def _extras(record: logging.LogRecord) -> dict[str, object]:
    given = {name: value for name, value in vars(record).items() if name not in STANDARD}
    return {name: HIDDEN if _SECRET_NAME.match(name) else value for name, value in given.items()}


class JsonLines(logging.Formatter):
    """One JSON object a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": record.getMessage(),
            **_extras(record),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps({name: _clean(value) for name, value in line.items()}, ensure_ascii=False)


class Plain(logging.Formatter):
    """A line for people."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone().strftime("%H:%M:%S")
        extras = "".join(f" {name}={value}" for name, value in _extras(record).items())
        line = f"{at} {record.levelname.lower():<7} {record.name}: {record.getMessage()}{extras}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return without_secrets(line)


def _clean(value: object) -> object:
    return value if isinstance(value, int | float | bool) or value is None else without_secrets(str(value))


def configure() -> None:
    """Send every logger to standard error. PLEIN_LOG is json or console, PLEIN_LOG_LEVEL a level."""
    form = os.environ.get("PLEIN_LOG") or ("console" if sys.stderr.isatty() else "json")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Plain() if form == "console" else JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(os.environ.get("PLEIN_LOG_LEVEL", "INFO").upper())
    # They repeat, at length and with addresses, what the workers say in a sentence.
    for name in ("httpx", "httpcore", "websockets", "asyncio", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # A page that does not exist is the visitor's affair; what breaks is told of as an error.
    logging.getLogger("django.request").setLevel(logging.ERROR)

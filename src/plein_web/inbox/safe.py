"""What others wrote, made safe to show: hostile until it has passed here.

No picture, font or style of elsewhere is ever loaded: attachments become described links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import nh3
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

TAGS = {"p", "br", "a", "span", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "b", "i", "del"}
SCHEMES = {"http", "https", "mailto"}
REL = "noopener noreferrer nofollow ugc"
_LINK = re.compile(r"https?://[^\s<>\"'\u00a0]+[^\s<>\"'\u00a0.,;:!?)\]}…]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# Characters that turn the direction of everything after them: an old trick with names and links.
_TURNS = dict.fromkeys(map(ord, "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u202c"))


def body(text: str, markup: str) -> Markup:
    """Return a post's text as safe HTML: the network's own markup where it gave any.

    >>> str(body('Kijk <b>hier</b>: https://waterdam.example/brug.', ""))
    'Kijk &lt;b&gt;hier&lt;/b&gt;: <a href="https://waterdam.example/brug" rel="noopener noreferrer nofollow ugc">https://waterdam.example/brug</a>.'
    """
    if markup:
        clean = nh3.clean(markup, tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=REL)
        return Markup(clean)  # noqa: S704 - this is the one door
    return linked(text)


def linked(text: str) -> Markup:
    """Return plain text with its web addresses as links."""
    parts: list[str] = []
    end = 0
    for match in _LINK.finditer(text):
        address = escape(match[0])
        parts += [escape(text[end : match.start()]), f'<a href="{address}" rel="{REL}">{address}</a>']
        end = match.end()
    return Markup("".join([*parts, escape(text[end:])]))  # noqa: S704 - every part is escaped


def marked(text: str, mentions: tuple[str, ...], links: tuple[str, ...]) -> Markup:
    """Return a preview's text with its mentions and links in the colour of a link, not followable."""
    found = sorted({part for part in (*mentions, *links) if part}, key=len, reverse=True)
    if not found:
        return escape(text)
    pattern = re.compile("|".join(re.escape(part) for part in found))
    parts: list[str] = []
    end = 0
    for match in pattern.finditer(text):
        parts += [escape(text[end : match.start()]), "<span class=link>", escape(match[0]), "</span>"]
        end = match.end()
    return Markup("".join([*parts, escape(text[end:])]))  # noqa: S704 - every part is escaped


def address(url: str) -> str:
    """Return an address that may stand in a link, else nothing.

    >>> address("javascript:alert(1)"), address("https://plein.example/1")
    ('', 'https://plein.example/1')
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme in ("http", "https") and parts.netloc else ""


def language(code: str) -> str:
    """Return a language code that may stand in an attribute, else nothing."""
    return code if _LANGUAGE.fullmatch(code or "") else ""


def straight(name: str) -> str:
    """Return a name without the characters that turn around what follows."""
    return name.translate(_TURNS)


@dataclass(frozen=True, slots=True)
class Described:
    """An attachment as a line of text: what it is, what it shows, where it stands."""

    kind: str
    alt: str
    url: str


def described(attachments: Any, *, on_the_web: bool = True) -> list[Described]:
    """Return a post's attachments as lines; whatever has no usable form is still named."""
    lines = []
    for one in attachments if isinstance(attachments, list) else ():
        one = one if isinstance(one, dict) else {}
        media = str(one.get("media_type") or "")
        link = address(str(one.get("url") or "")) if on_the_web else ""
        lines.append(Described(_kind(media), str(one.get("alt") or ""), link))
    return lines


def _kind(media_type: str) -> str:
    kind = media_type.split("/")[0]
    return {"image": _("Photo"), "video": _("Film"), "audio": _("Sound")}.get(kind, _("Attachment"))

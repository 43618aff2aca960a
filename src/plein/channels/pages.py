"""A web page as a reader sees it: its passages, the links in them, and the feeds that it offers.

What stands around the main text on every page of a site (menus, footers, cookie bars, forms) is
left out: it is no news. Any HTML is read, however broken.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

MAX_PASSAGES = 2000
LONGEST_PASSAGE = 2000
FEED_TYPES = frozenset(["application/rss+xml", "application/atom+xml", "application/feed+json"])
# A link in the text that leads to a feed says so in its address.
_FEED_ADDRESS = re.compile(
    r"(/(feed|rss|atom)/?$|\.(rss|atom)$|/(rss|atom|feeds?)(\.xml|\.aspx|\.php)?$)", re.IGNORECASE
)
SILENT = frozenset(
    ["script", "style", "template", "noscript", "head", "iframe", "object", "svg", "math", "nav", "footer", "aside"]
    + ["form", "button", "select", "dialog", "audio", "video"]
)
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
BLOCKS = frozenset(
    ["p", "div", "li", "ul", "ol", "dl", "dt", "dd", "table", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section"]
    + ["article", "main", "blockquote", "pre", "figure", "figcaption", "header", "body", "details", "summary", "hr"]
)
AROUND_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "complementary", "dialog", "alertdialog"])
_AROUND = re.compile(r"\b(cookie|breadcrumb|kruimel|skip-?link|pagination|paginering|share|delen)", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
# What an address carries for counting and signing in, and not to say which page it is.
_TRACKING = re.compile(
    r"^(utm_\w+|fbclid|gclid|mc_[ce]id|sid|session(id)?|phpsessid|jsessionid|token|_+|ts|cb|nocache)$", re.I
)
_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link in the main text: what it says and where it leads."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, an item of a list or a row of a table."""

    text: str
    links: tuple[PageLink, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page offers."""

    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it stood when we read it."""

    title: str = ""
    language: str = ""
    passages: tuple[Passage, ...] = ()
    feeds: tuple[FeedLink, ...] = ()


def page_from(body: bytes, address: str, content_type: str = "") -> Page:
    """Read a page.

    >>> page_from(b"<main><p>De brug is dicht.</p></main><footer>Contact</footer>", "https://w.example/").passages
    (Passage(text='De brug is dicht.', links=()),)
    """
    reader = _Reader(address)
    reader.feed(decoded(body, content_type))
    reader.finish()
    shown = [passage for within, passage in reader.found if within or not reader.has_main]
    feeds = {one.address: one for one in reversed(reader.feeds)}
    return Page(reader.title, reader.language, tuple(shown[:MAX_PASSAGES]), tuple(reversed(feeds.values())))


def decoded(body: bytes, content_type: str = "") -> str:
    """Return a page's text in the encoding that it says it has; UTF-8 where it says none."""
    told = re.search(r"charset=[\"']?([\w-]+)", content_type, re.IGNORECASE)
    inside = _CHARSET.search(body[:4096])
    name = told[1] if told else inside[1].decode() if inside else "utf-8"
    try:
        codecs.lookup(name)
    except LookupError:
        name = "utf-8"
    return body.decode(name, errors="replace").removeprefix("\ufeff")


def canonical(address: str) -> str:
    """Return an address without what changes from visit to visit: trackers, sessions, the place on the page.

    >>> canonical("https://W.example/a;jsessionid=1?utm_source=x&id=7#top")
    'https://w.example/a?id=7'
    """
    parts = urlsplit(address)
    asked = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.match(name)]
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), _SESSION.sub("", parts.path), urlencode(asked), ""))


def web_address(written: str | None, base: str) -> str:
    """Return a whole address on the web, or nothing."""
    if not (written or "").strip() or (written or "").strip().startswith("#"):
        return ""
    try:
        whole = urljoin(base, (written or "").strip())
        urlsplit(whole)
    except ValueError:
        return ""
    return whole if whole.lower().startswith(("http://", "https://")) else ""


@dataclass(slots=True)
class _Open:
    """A tag that has not ended: whether it hides what stands in it, and whether it is the main part or an article."""

    tag: str
    silent: bool
    main: bool
    article: bool


@dataclass(slots=True)
class _Anchor:
    address: str
    parts: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects passages while it passes over the tags."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base, self.title, self.language, self.has_main = base, "", "", False
        self.found: list[tuple[bool, Passage]] = []
        self.feeds: list[FeedLink] = []
        self._open: list[_Open] = []
        self._parts: list[str] = []
        self._links: list[PageLink] = []
        self._anchor: _Anchor | None = None
        self._in_title = False

    @property
    def _silent(self) -> bool:
        return bool(self._open) and self._open[-1].silent

    def finish(self) -> None:
        """Take the passage that was not ended."""
        self._end_passage()
        self.title = _tidy(self.title)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = (given.get("lang") or "")[:16]
        elif tag == "base":
            self.base = web_address(given.get("href"), self.base) or self.base
        elif tag == "link":
            self._offer(given)
        elif tag == "title" and not self.title:
            self._in_title = True
        if tag in BLOCKS or tag == "br":
            self._break(tag)
        if tag == "a":
            self._begin_link(given)
        if tag not in VOID:
            self._open.append(self._opened(tag, given))

    def handle_endtag(self, tag: str) -> None:
        self._in_title = self._in_title and tag != "title"
        if tag == "a":
            self._end_link()
        if tag in BLOCKS:
            self._end_passage()
        for place in range(len(self._open) - 1, max(-1, len(self._open) - 40), -1):
            if self._open[place].tag == tag:
                del self._open[place:]
                break

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data[:300]
        if self._silent or self._in_title:
            return
        self._parts.append(data)
        if self._anchor:
            self._anchor.parts.append(data)

    def _opened(self, tag: str, given: dict[str, str | None]) -> _Open:
        above = self._open[-1] if self._open else _Open("", False, False, False)
        named = f"{given.get('class') or ''} {given.get('id') or ''}"
        around = (given.get("role") or "") in AROUND_ROLES or (
            tag not in ("body", "html", "main") and _AROUND.search(named)
        )
        hidden = "hidden" in given or given.get("aria-hidden") == "true"
        top = tag == "header" and not above.main and not above.article
        main = above.main or tag == "main" or given.get("role") == "main"
        self.has_main = self.has_main or main
        return _Open(
            tag, above.silent or tag in SILENT or bool(around) or hidden or top, main, above.article or tag == "article"
        )

    def _break(self, tag: str) -> None:
        if tag == "br":
            self._parts.append(" ")
        else:
            self._end_passage()

    def _begin_link(self, given: dict[str, str | None]) -> None:
        self._end_link()
        address = web_address(given.get("href"), self.base)
        if not address:
            return
        # A feed is often offered in the footer: that counts, wherever the link stands.
        kind = (given.get("type") or "").lower()
        if kind in FEED_TYPES or _FEED_ADDRESS.search(urlsplit(address).path):
            self.feeds.append(FeedLink(_tidy(given.get("title") or ""), urldefrag(address)[0]))
        self._anchor = None if self._silent else _Anchor(address)

    def _end_link(self) -> None:
        if self._anchor:
            self._links.append(PageLink(_tidy("".join(self._anchor.parts)), self._anchor.address))
        self._anchor = None

    def _offer(self, given: dict[str, str | None]) -> None:
        kinds = (given.get("rel") or "").lower().split()
        address = web_address(given.get("href"), self.base)
        if address and "alternate" in kinds and (given.get("type") or "").lower().split(";")[0] in FEED_TYPES:
            self.feeds.append(FeedLink(_tidy(given.get("title") or ""), urldefrag(address)[0]))

    def _end_passage(self) -> None:
        if self._anchor:
            # A link around blocks (a whole card) goes on in the next passage.
            going_on = _Anchor(self._anchor.address)
            self._end_link()
            self._anchor = going_on
        text = _tidy("".join(self._parts))[:LONGEST_PASSAGE]
        links = tuple(dict.fromkeys(link for link in self._links if link.text))
        if text:
            self.found.append((bool(self._open) and self._open[-1].main, Passage(text, links)))
        self._parts, self._links = [], []


def _tidy(text: str) -> str:
    return _SPACE.sub(" ", text).strip()

"""From a network's HTML to the plain text that a person reads in it.

Nothing here makes HTML safe to show: that is done where it is shown. The text has paragraphs,
line breaks, lists and whole links; what a browser would not show (scripts, styles) is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

# A block starts on a new line; between paragraphs stands an empty line.
PARAGRAPHS = frozenset(
    ["p", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "figure", "section", "article"]
)
LINES = frozenset(["div", "li", "tr", "dt", "dd", "header", "footer", "figcaption", "summary", "details"])
HIDDEN = frozenset(["script", "style", "template", "noscript", "head", "title", "iframe", "object", "svg", "math"])
VOID = frozenset(["br", "hr", "img", "wbr"])
_SPACE = re.compile(r"[ \t\r\n\f]+")
# How many tags that do not end are read as text; from the next on, all that follows is.
UNENDED = 20
_MANY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Plain:
    """The text of some HTML, and the addresses its links and pictures lead to.

    `links` leaves out the links on names and hashtags: those are part of the text.
    """

    text: str
    links: tuple[str, ...] = ()
    images: tuple[str, ...] = ()


def plain(markup: str, base: str = "") -> Plain:
    """Return what a person reads in HTML; `base` completes relative links.

    >>> plain('<p>Hoi <a class="u-url mention" href="https://a.example/@jan">@jan</a>,</p><p>tot<br>zo</p>').text
    'Hoi @jan,\\n\\ntot\\nzo'
    """
    if "<" not in markup and "&" not in markup:
        return Plain(_tidy(markup))
    reader = _Reader(base)
    reader.read(markup)
    return Plain(reader.text(), tuple(dict.fromkeys(reader.links)), tuple(dict.fromkeys(reader.images)))


def _tidy(text: str) -> str:
    """Return text without the blanks and empty lines that nobody sees."""
    lines = (line.strip(" \t\r\f") for line in text.replace("\r\n", "\n").split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects text as a browser would lay it out, roughly."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.links: list[str] = []
        self.images: list[str] = []
        self._parts: list[str] = []
        self._hidden: list[str] = []
        self._verbatim = 0
        self._at_line_start = True
        self._lists: list[int | None] = []

    def read(self, markup: str) -> None:
        """Take a whole document.

        Its `close` would look for the end of each unended tag anew, through all that follows.
        """
        self.feed(markup)
        for _ in range(UNENDED):
            if not self.rawdata.startswith("<"):
                break
            rest, self.rawdata = self.rawdata, ""
            self.handle_data("<")
            self.feed(rest[1:])
        if self.rawdata.startswith("<"):
            self.handle_data(self.rawdata)
        else:
            self.close()

    def text(self) -> str:
        """Return what was collected so far."""
        return _tidy("".join(self._parts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in HIDDEN and tag not in self._hidden:
            self._hidden.append(tag)
        if self._hidden:
            return
        given = dict(attrs)
        if tag == "a":
            self._link(given)
        elif tag == "img":
            self._image(given)
        self._break(tag, opening=True)
        if tag in ("ul", "ol"):
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._add(self._bullet())

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # A browser reads <script/> as an opening tag; a feed that writes it means an empty one.
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif not self._hidden and tag not in VOID:
            self._break(tag, opening=False)
            if tag in ("ul", "ol") and self._lists:
                self._lists.pop()

    def handle_data(self, data: str) -> None:
        if self._hidden:
            return
        if not self._verbatim:
            data = _SPACE.sub(" ", data)
            if self._at_line_start:
                data = data.lstrip(" ")
        self._add(data)

    def _break(self, tag: str, *, opening: bool) -> None:
        if tag in PARAGRAPHS:
            # A list inside a list item is no new paragraph.
            self._add("\n" if tag in ("ul", "ol") and len(self._lists) > (not opening) else "\n\n")
            self._verbatim = max(0, self._verbatim + (1 if opening else -1)) if tag == "pre" else self._verbatim
        elif tag in ("br", "hr") or (tag in LINES and not self._at_line_start):
            self._add("\n")
        elif tag in ("td", "th") and not opening:
            self._add(" ")

    def _add(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._at_line_start = text.endswith("\n")

    def _bullet(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "

    def _link(self, given: dict[str, str | None]) -> None:
        classes = (given.get("class") or "").split()
        address = self._address(given.get("href"))
        if address and not {"mention", "hashtag"} & set(classes):
            self.links.append(address)

    def _image(self, given: dict[str, str | None]) -> None:
        address = self._address(given.get("src"))
        if address:
            self.images.append(address)
        # A custom emoji or a small picture in the text says its name.
        self._add(given.get("alt") or "")

    def _address(self, written: str | None) -> str:
        """Return a whole address of the web, or nothing."""
        if not (written or "").strip().strip("#"):
            return ""
        try:
            address = urljoin(self.base, (written or "").strip())
        except ValueError:
            return ""
        return address if address.lower().startswith(("http://", "https://")) else ""

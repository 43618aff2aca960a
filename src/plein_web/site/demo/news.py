"""The local newspaper of the demo: a feed on this machine, read as any feed is."""

from __future__ import annotations

import tomllib
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.etree import ElementTree

from plein_web.site.demo.stories import FOLDER, moment

PAPER = "https://courant.waterdam.example"


def feed(now: datetime, folder: Path = FOLDER) -> bytes:
    """Return the paper's RSS as it stands at this moment."""
    told = tomllib.loads((folder / "news.toml").read_text())
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    _texts(channel, title=told["title"], link=PAPER, description=told["title"], language="nl")
    for number, one in enumerate(told["item"], 1):
        item = ElementTree.SubElement(channel, "item")
        link, when = f"{PAPER}/{number}", format_datetime(moment(one["when"], now))
        _texts(item, title=one["title"], link=link, guid=link, pubDate=when, description=one["text"])
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _texts(parent: ElementTree.Element, **texts: str) -> None:
    for tag, text in texts.items():
        ElementTree.SubElement(parent, tag).text = text


def publish(port: int) -> ThreadingHTTPServer:
    """Serve the paper on a loopback port, in a thread; `shutdown()` ends it."""
    body = feed(datetime.now().astimezone())

    class Paper(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: who reads the paper is nobody's business."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Paper)
    Thread(target=server.serve_forever, name="paper", daemon=True).start()
    return server

"""The pages of the documentation, and the first cells of their tables."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
# Folders that set-up makes.
MADE = {".venv", ".venv-ground", "node_modules", ".cache", "build", "dist"}


def pages() -> list[Path]:
    """Return every Markdown page of the project."""
    return sorted(path for path in ROOT.rglob("*.md") if not MADE & set(path.relative_to(ROOT).parts) and path.is_file())


def page(name: str) -> str:
    """Return the text of a page in docs."""
    return (DOCS / name).read_text()


def first_cells(text: str) -> set[str]:
    """Return the first cell of every row of every table, without code marks."""
    rows = (line for line in text.splitlines() if line.startswith("|") and not line.startswith(("|---", "| ---")))
    return {row.split("|")[1].strip().strip("`") for row in rows}


def links(text: str) -> list[str]:
    """Return where the links and pictures of a page lead."""
    return re.findall(r"\]\(([^)\s]+)\)", text)

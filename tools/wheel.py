"""Build the wheel and check that the browser assets and the translations are in it."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
WANTED = ("plein_web/site/static/vendor/", "locale/nl/LC_MESSAGES/django.mo", "plein_web/site/templates/base.html")


def main() -> int:
    """Build dist/plein-*.whl; fails when it lacks something that cannot be made at run time."""
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet", "-w", "dist", "."]
    subprocess.run(command, cwd=ROOT, check=True)
    wheel = max((ROOT / "dist").glob("plein-*.whl"), key=lambda path: path.stat().st_mtime)
    names = zipfile.ZipFile(wheel).namelist()
    absent = [part for part in WANTED if not any(part in name for name in names)]
    if absent:
        sys.exit(f"{wheel.name} lacks {', '.join(absent)}")
    print(f"{wheel.relative_to(ROOT)}: {len(names)} files, {wheel.stat().st_size / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())

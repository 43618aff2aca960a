"""Resolve the dependencies into lock files with hashes and without addresses."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMON = ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--strip-extras", "--quiet"]
FILES = {
    "core.txt": ["--extra=postgres", "pyproject.toml"],
    "build.txt": ["--allow-unsafe", "requirements/build.in"],
    "dev.txt": [
        "--allow-unsafe", "--extra=postgres", "--extra=scale", "--constraint=requirements/core.txt", "pyproject.toml",
        "requirements/dev.in",
    ],
    "node.txt": ["requirements/node.in"],
    "ground.txt": ["--allow-unsafe", "--constraint=requirements/dev.txt", "requirements/ground.in"],
}  # fmt: skip
LEAK = re.compile(r"^\s*--(?:index|extra-index|find-links|trusted)|://|\bfile:/|@ /|^/", re.MULTILINE)


def main() -> int:
    """Write every lock file; refuse one that names an address of the machine it was made on."""
    for name, arguments in FILES.items():
        command = [
            sys.executable,
            "-m",
            "piptools",
            "compile",
            *COMMON,
            f"--output-file=requirements/{name}",
            *arguments,
        ]
        subprocess.run(
            [*command, *sys.argv[1:]], cwd=ROOT, check=True, env={**os.environ, "CUSTOM_COMPILE_COMMAND": "make lock"}
        )
        if found := LEAK.search((ROOT / "requirements" / name).read_text()):
            sys.exit(f"requirements/{name} names an address: {found.group()!r}")
        print(f"requirements/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Whether the documentation says what is there. Needs no network and no database."""

from __future__ import annotations

import ast
import doctest
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.docs import plain_yaml
from tests.docs.pages import DOCS, ROOT, first_cells, links, page, pages

SOURCES = sorted((ROOT / "src").rglob("*.py"))
VARIABLE = re.compile(r"\b(?:PLEIN_[A-Z_]+|DATABASE_URL)\b")


# -- settings, commands, events, words -------------------------------------------------------


def variables() -> set[str]:
    """Return the environment variables that the code reads: strings, not words in comments."""
    found: set[str] = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and VARIABLE.fullmatch(node.value):
                found.add(node.value)
    return found


def test_every_setting_is_documented_and_every_documented_setting_exists():
    documented = set(VARIABLE.findall(page("settings.md")))
    assert documented == variables()


def test_every_setting_that_an_operator_sets_has_a_row():
    assert variables() - {"PLEIN_PARENT"} == {cell for cell in first_cells(page("settings.md")) if VARIABLE.fullmatch(cell)}


def test_every_command_is_documented():
    environment = {**os.environ, "PLEIN_LANGUAGE": "en", "COLUMNS": "200"}
    command = [sys.executable, "-m", "plein_web.site.cli", "--help"]
    text = subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT / "src").stdout
    names = set(re.findall(r"^    (\w+) ", text, re.MULTILINE))
    documented = {cell.removeprefix("plein ") for cell in first_cells(page("commands.md")) if cell.startswith("plein ")}
    assert names and names == documented


def test_every_kind_of_event_is_documented():
    assert event_kinds() == {cell for cell in first_cells(page("events.md")) if re.fullmatch(r"[a-z]+\.[a-z]+", cell)}


def event_kinds() -> set[str]:
    """Return the kinds in calls of `emit`, in constants, and in what is handed to `emit_all`."""
    found: set[str] = set()
    for path in SOURCES:
        if path.is_relative_to(ROOT / "src" / "plein_web"):
            found |= _kinds_in(path)
    return found


def _kinds_in(path: Path) -> set[str]:
    """Return what looks like a kind in a module that emits: a noun that is a subject, a dot, a participle."""
    text = path.read_text()
    strings = set(re.findall(r'kind="([a-z]+\.[a-z]+)"', text))
    if "emit" not in text and path.name != "shelf.py":
        return strings
    strings |= set(re.findall(r'"((?:post|mention|conversation)\.(?:arrived|edited|deleted|changed))"', text))
    return strings | set(re.findall(r'^[A-Z]+ = "([a-z]+\.[a-z]+)"$', text, re.MULTILINE))


def test_every_model_is_in_the_glossary():
    models: set[str] = set()
    for path in (ROOT / "src" / "plein_web").glob("*/models.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and any("Model" in ast.unparse(base) for base in node.bases):
                models.add(node.name)
            if isinstance(node, ast.ClassDef) and any("AbstractBaseUser" in ast.unparse(base) for base in node.bases):
                models.add(node.name)
    words = first_cells(page("glossary.md"))
    assert len(models) > 15
    assert not models - words, models - words


def test_every_room_and_package_has_a_line():
    text = page("structure.md")
    packages = {path.parent for path in SOURCES if path.name == "__init__.py" and path.parent.name != "migrations"}
    deep = {package.relative_to(ROOT) for package in packages if len(package.relative_to(ROOT).parts) == 3}
    assert not {str(package) for package in deep if f"`{package}`" not in text}


def test_every_ability_has_a_question_in_the_contract():
    lines = (ROOT / "src" / "plein" / "channels" / "contract.py").read_text().splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("class Abilities"))
    end = next(number for number in range(start + 1, len(lines)) if lines[number].startswith("@dataclass"))
    body = lines[start:end]
    asked = False
    for line in body:
        if line.strip().startswith("#"):
            asked = asked or line.rstrip().endswith(("?", ")?"))
        elif re.match(r"    \w+:", line):
            assert asked, line
        elif not line.strip():
            asked = False


def test_every_network_has_a_page():
    from plein.channels import registry

    for code in registry.NETWORKS:
        network = registry.network(code)
        assert (ROOT / network.docs).is_file(), network.docs
        assert f"{code}.md" in page("channels/README.md")


def test_every_decision_is_in_the_list():
    listed = set(links(page("decisions/README.md")))
    assert listed == {path.name for path in (DOCS / "decisions").glob("0*.md")}


# -- pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path):
    for link in links(path.read_text()):
        if link.startswith(("http://", "https://", "#", "mailto:")):
            continue
        target = (path.parent / link.split("#")[0]).resolve()
        assert target.exists(), link


@pytest.mark.parametrize("path", pages(), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_a_page_names_exist(path: Path):
    named = re.findall(r"`((?:src|tests|docs|tools|bench)/[\w/.-]+\.\w+)`", path.read_text())
    assert not [name for name in named if not (ROOT / name).exists()]


def test_the_readme_names_its_two_commands_and_they_exist():
    text, makefile = (ROOT / "README.md").read_text(), (ROOT / "Makefile").read_text()
    assert "make demo" in text and "make test" in text
    for target in set(re.findall(r"`make ([a-z-]+)", "\n".join(path.read_text() for path in pages()))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_pictures_are_small_and_described():
    text = (ROOT / "README.md").read_text()
    for alt, target in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text):
        assert len(alt) > 15, target
        assert (ROOT / target).stat().st_size < 300_000, target


# -- the files that others read ---------------------------------------------------------------


def publiccode() -> dict:
    """Return publiccode.yml."""
    return plain_yaml.read((ROOT / "publiccode.yml").read_text())


def test_what_reads_publiccode_reads_plain_yaml():
    assert doctest.testmod(plain_yaml).failed == 0


def test_publiccode_has_what_the_standard_asks():
    told = publiccode()
    assert told["publiccodeYmlVersion"] == "0"
    assert told["name"] == "Plein" and told["url"].startswith("https://")
    assert set(told["platforms"]) and told["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert told["softwareType"] == "standalone/web"
    assert told["legal"]["license"] == "EUPL-1.2"
    assert told["maintenance"]["type"] == "community" and told["maintenance"]["contacts"][0]["name"]
    assert told["localisation"] == {"localisationReady": True, "availableLanguages": ["nl", "en"]}
    assert told["intendedAudience"]["countries"] == ["NL"]
    for language in ("nl", "en"):
        description = told["description"][language]
        assert len(description["shortDescription"]) <= 150
        assert 500 <= len(description["longDescription"]) <= 10_000
        assert description["features"]


def test_versions_and_licences_agree():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "src" / "plein" / "__init__.py").read_text())[1]
    assert f"softwareVersion: {version}" in (ROOT / "publiccode.yml").read_text()
    assert project["license"] == "EUPL-1.2"
    reuse = tomllib.loads((ROOT / "REUSE.toml").read_text())
    assert reuse["annotations"][0]["SPDX-License-Identifier"] == "EUPL-1.2"
    assert (ROOT / "LICENSES" / "EUPL-1.2.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_changelog_begins_with_what_is_not_released_yet():
    headings = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "[Unreleased]"

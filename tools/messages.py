"""The translations: extract, bring up to date, compile, check, and a pseudo-locale for the tests.

    python tools/messages.py update     catalogue from the code; new words get an empty translation
    python tools/messages.py compile    .mo files
    python tools/messages.py check      fail when a translation is missing, fuzzy or breaks a placeholder
    python tools/messages.py pseudo DIR [words in brackets, so that an untranslated word shows]

Words of a room may first be written in `locale/nl/parts/*.po`; `update` takes them in.
"""

from __future__ import annotations

import re
import sys
from importlib import import_module
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
LOCALE = SOURCE / "plein_web/site/locale"
# The texts in the code are the English ones.
LANGUAGES = ("nl",)
HEADER = "# Dutch for Plein. Bring it up to date with: make messages\n# SPDX-License-Identifier: EUPL-1.2"
METHODS = [("plein_web/site/templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"plein_web/site/templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}
KEYWORDS = {
    "_": None,
    "own": None,
    "lazy": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
NOISE = re.compile(
    r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Report-Msgid-Bugs-To|Language-Team): '
)
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-+ #0-9.]*[diouxXeEfFgGcrsa]|\{(\d)\}")


def extract() -> Catalog:
    """Return every text of the screens and of the command line, with where it stands."""
    catalog = Catalog(project="plein", copyright_holder="the makers of Plein", charset="utf-8")
    found = extract_from_dir(
        str(SOURCE), METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True
    )
    for file, line, message, comments, context in sorted(found, key=lambda row: (row[0], row[1])):
        catalog.add(message, None, [(file, line)], auto_comments=comments, context=context)
    for text, where in _words_of_networks():
        catalog.add(text, None, [(where, 1)])
    return catalog


def _words_of_networks() -> list[tuple[str, str]]:
    """Return what the connect forms ask: the ground floor writes it down without translating."""
    registry = import_module("plein.channels.registry")
    found = []
    for code in registry.NETWORKS:
        try:
            network = registry.network(code)
        except ModuleNotFoundError:
            continue
        texts = [text for field in network.fields for text in (field.label, field.help)]
        found += [(text, f"plein/channels/{code}.py") for text in texts if text]
    return found


def path_of(language: str) -> Path:
    """Return where a language's catalogue stands."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """Return a catalogue; one that is not there yet is empty."""
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Bring the catalogue up to date with the code, and take in the parts."""
    template = extract()
    for language in LANGUAGES:
        catalog = read(path_of(language), language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        for part in sorted((LOCALE / language / "parts").glob("*.po")):
            _take_in(catalog, read(part, language))
        _write(catalog, path_of(language))
        print(f"{language}: {len(catalog)} texts, {len(list(missing(catalog)))} without a translation")


def _take_in(catalog: Catalog, part: Catalog) -> None:
    """Fill what has no translation yet."""
    for message in part:
        ours = catalog.get(message.id, message.context) if message.id else None
        if ours is not None and message.string and not _is_whole(ours):
            ours.string = message.string


def _write(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog.project, catalog.version, catalog.header_comment, catalog.fuzzy = "plein", "", HEADER, False
    with path.open("wb") as file:
        write_po(file, catalog, width=100, sort_by_file=True, omit_header=False, include_lineno=False)
    # A date that changes with every run would make every run a change.
    lines = [line for line in path.read_text().splitlines() if not NOISE.match(line)]
    path.write_text("\n".join(lines).rstrip() + "\n")


def compile_all() -> None:
    """Write the .mo files."""
    for language in LANGUAGES:
        _write_mo(read(path_of(language), language), path_of(language).with_suffix(".mo"))


def _write_mo(catalog: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalog)


def missing(catalog: Catalog) -> list[Message]:
    """Return what has no translation, or only a guess."""
    return [message for message in catalog if message.id and (message.fuzzy or not _is_whole(message))]


def _is_whole(message: Message) -> bool:
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(strings)


def broken(catalog: Catalog) -> list[Message]:
    """Return the translations whose placeholders are not those of the text."""
    return [message for message in catalog if message.id and _is_whole(message) and not _same_places(message)]


def _same_places(message: Message) -> bool:
    wanted = {place for text in _texts(message.id) for place in PLACEHOLDER.findall(text)}
    given = {place for text in _texts(message.string) for place in PLACEHOLDER.findall(text)}
    return given <= wanted and (wanted <= given or isinstance(message.id, (tuple, list)))


def _texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return list(value) if isinstance(value, (tuple, list)) else [value]


def check() -> int:
    """Print what is wrong; English needs no translations, as the texts themselves are English."""
    catalog = read(path_of("nl"), "nl")
    known = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in catalog}
    wanted = {(message.id if isinstance(message.id, str) else message.id[0], message.context) for message in extract()}
    problems = [f"not in the catalogue (make messages): {text!r}" for text, _ in sorted(wanted - known, key=str)]
    problems += [f"no Dutch: {message.id!r}" for message in missing(catalog)]
    problems += [f"placeholders differ: {message.id!r}" for message in broken(catalog)]
    print("\n".join(problems) or "Every text has its Dutch.")
    return 1 if problems else 0


ACCENTS = str.maketrans("aeiouycnAEIOUYCN", "áéíóúýçñÁÉÍÓÚÝÇÑ")


def pseudo(text: str) -> str:
    """Return a text with accents, longer, in brackets; placeholders and markup stay.

    >>> pseudo("Hello %(name)s")
    '⟦Hélló %(name)s ~~~⟧'
    """
    parts = re.split(r"(%(?:\(\w+\))?[-+ #0-9.]*[a-zA-Z%]|\{\d\}|<[^>]+>)", text)
    accented = "".join(part if index % 2 else part.translate(ACCENTS) for index, part in enumerate(parts))
    return f"⟦{accented} {'~' * max(1, len(text) // 4)}⟧"


def write_pseudo(folder: Path, language: str = "en_XA") -> None:
    """Write the pseudo-locale, in which everything that went through a translation stands in brackets."""
    catalog = Catalog(locale="en", charset="utf-8")
    for message in extract():
        if message.id:
            texts = tuple(pseudo(text) for text in _texts(message.id))
            catalog.add(
                message.id, texts if isinstance(message.id, (tuple, list)) else texts[0], context=message.context
            )
    _write_mo(catalog, folder / language / "LC_MESSAGES" / "django.mo")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            update()
            compile_all()
        case ["compile"]:
            compile_all()
        case ["check"]:
            sys.exit(check())
        case ["pseudo", folder]:
            write_pseudo(Path(folder))
        case _:
            sys.exit(__doc__)

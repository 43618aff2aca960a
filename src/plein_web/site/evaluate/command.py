"""`plein evaluate WHAT INPUT`: runs the product's own code over labelled data and prints how good it is."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from plein_web.site.evaluate.outcome import Figure, Given, Outcome
from plein_web.site.evaluate.reading import town_file
from plein_web.site.saying import Told
from plein_web.site.saying import gettext as _

# Every module has `evaluate(given: Given) -> Outcome`.
WHAT = {
    "conversation-places": "plein_web.site.evaluate.conversation_places",
    "language": "plein_web.site.evaluate.language",
    "masking": "plein_web.site.evaluate.masking",
    "places": "plein_web.site.evaluate.places",
    "topics": "plein_web.site.evaluate.topics",
}
# What a town says of itself, and its corrections, have a say in these only.
OF_A_TOWN = frozenset({"places", "conversation-places"})


def main(arguments: Sequence[str]) -> int:
    """Evaluate, print and write. Raises Told when the input is not what it should be."""
    options = _parser().parse_args(arguments)
    given = Given(options.input, options.town and town_file(options.town), options.learn)
    outcome = import_module(WHAT[options.what]).evaluate(given)
    if options.what not in OF_A_TOWN and (options.town or options.learn):
        print(_("--town and --learn have no say in %(what)s.") % {"what": options.what}, file=sys.stderr)
    if options.predictions:
        write(outcome, options.predictions)
    print("\n".join(report(options.what, outcome)))
    return 0


def _parser() -> argparse.ArgumentParser:
    text = _("Score Plein's own judgement on labelled data: the score, a baseline and chance.")
    parser = argparse.ArgumentParser(prog="plein evaluate", description=text, allow_abbrev=False)
    parser.add_argument("what", choices=sorted(WHAT), help=_("what to judge"))
    parser.add_argument("input", type=Path, help=_("the labelled rows; .gz too"))
    parser.add_argument("--town", type=Path, metavar="TOWN.toml", help=_("what a town knows of itself"))
    parser.add_argument("--learn", type=Path, metavar="LABELLED", help=_("first take these rows as corrections"))
    parser.add_argument("--predictions", type=Path, metavar="OUT", help=_("write one prediction a row, as JSON lines"))
    return parser


def write(outcome: Outcome, path: Path) -> None:
    """Write one prediction a line. Raises Told."""
    try:
        with path.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in outcome)
    except OSError as problem:
        raise Told(_("%(file)s cannot be written: %(words)s") % {"file": path, "words": problem}) from problem


def report(what: str, outcome: Outcome) -> list[str]:
    """Return the lines to print: a heading with the number of rows, a table, and what there is to say."""
    heading = _("%(what)s: %(rows)d rows") % {"what": what, "rows": outcome.rows}
    width = max([len(one.name) for one in outcome.figures], default=0)
    titles = f"{'':{width}}  {_('score'):>9}  {_('baseline'):>9}  {_('chance'):>9}  {_('rows'):>7}"
    figures = [_line(one, width) for one in outcome.figures]
    return [heading, titles, *figures, _("Baseline: %(words)s") % {"words": outcome.baseline}, *outcome.notes]


def _line(figure: Figure, width: int) -> str:
    shares = (figure.score, figure.baseline, figure.chance)
    cells = "  ".join(f"{'–' if share is None else f'{share:.4f}':>9}" for share in shares)
    rows = "" if figure.rows is None else figure.rows
    return f"{figure.name:{width}}  {cells}  {rows:>7}".rstrip()

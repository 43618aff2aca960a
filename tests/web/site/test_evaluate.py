"""The frame of `plein evaluate`: what it reads, what it refuses, what it prints and writes."""

from __future__ import annotations

import gzip
import json
import sys
import types
from pathlib import Path

import pytest

from plein_web.site.cli import main
from plein_web.site.evaluate import command, scoring
from plein_web.site.evaluate.outcome import Figure, Given, Outcome, TownFile
from plein_web.site.evaluate.reading import documents, one_of, table, town_file
from plein_web.site.saying import Told

# No row is read or written here: once is enough.
DATABASES = ("sqlite",)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEIN_LANGUAGE", "en")


def test_a_table_gives_the_wanted_columns_whatever_their_order_and_ignores_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes('text\tsource\tlanguage\r\nhoi "daar\tx\tnl\r\nline\u2028two\t\ten'.encode())
    assert table(path, ["language", "text"]) == [
        {"language": "nl", "text": 'hoi "daar'},
        {"language": "en", "text": "line\u2028two"},
    ]


def test_a_packed_file_reads_as_an_unpacked_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv.gz"
    path.write_bytes(gzip.compress(b"language\ttext\nnl\thoi\n"))
    assert table(path, ["language", "text"]) == [{"language": "nl", "text": "hoi"}]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"language\ttext\nnl\thoi\nnl\thoi\tdaar\n", "line 3: 3 columns where the header has 2"),
        (b"language\ttext\nnl\thoi\n\nnl\thoi\n", "line 3: 1 columns where the header has 2"),
        (b"language\nnl\n", "line 1: the header has no column text"),
        (b"language\ttext\nnl\t\xff\n", "line 2: this is not UTF-8"),
        (b"", "line 1: the header has no column language, text"),
    ],
)
def test_a_malformed_row_of_a_table_is_an_error_that_names_file_and_line(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes(content)
    with pytest.raises(Told) as problem:
        table(path, ["language", "text"])
    assert str(problem.value) == f"{path}, {words}"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('{"text": "a", "topic": "afval"}\n{"text": "b"}\n', "line 2: topic is missing or no text"),
        ('{"text": "a", "topic": 3}\n', "line 1: topic is missing or no text"),
        ('["a"]\n', "line 1: this is not a JSON object"),
        ('{"text": \n', "line 1: this is not JSON"),
    ],
)
def test_a_malformed_document_is_an_error_that_names_file_and_line(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(content)
    with pytest.raises(Told) as problem:
        documents(path, ["text", "topic"])
    assert str(problem.value).startswith(f"{path}, {words}")


def test_unknown_fields_of_a_document_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "topic": "afval", "likes": 3}\n')
    assert documents(path, ["text", "topic"]) == [{"text": "a", "topic": "afval"}]


def test_a_broken_archive_and_an_absent_file_are_told(tmp_path: Path) -> None:
    packed = tmp_path / "rows.tsv.gz"
    packed.write_bytes(gzip.compress(b"language\ttext\n" * 50)[:-12])
    for path in (packed, tmp_path / "absent.tsv"):
        with pytest.raises(Told, match="cannot be read"):
            table(path, ["language", "text"])


def test_a_label_that_does_not_exist_is_an_error_that_names_its_line(tmp_path: Path) -> None:
    with pytest.raises(Told, match="line 3: label is 'maybe', and has to be one of: 0, 1"):
        one_of(tmp_path / "x.tsv", [{"label": "1"}, {"label": "maybe"}], "label", ["0", "1"], first_line=2)


def test_a_town_file_says_what_a_town_knows_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "best.toml"
    path.write_text('name = "Best"\naliases = ["Klompengat"]\nstreets = ["Nieuwstraat"]\nmotto = "ja"\n')
    assert town_file(path) == TownFile("Best", aliases=("Klompengat",), streets=("Nieuwstraat",))


@pytest.mark.parametrize("content", ['aliases = ["a"]', 'name = "Best"\nstreets = "Nieuwstraat"', "name ="])
def test_a_town_file_that_is_not_one_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "best.toml"
    path.write_text(content)
    with pytest.raises(Told, match=r"best\.toml"):
        town_file(path)


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> list[Given]:
    """A WHAT that answers with a fixed outcome, and remembers what it was given."""
    seen: list[Given] = []

    def evaluate(given: Given) -> Outcome:
        seen.append(given)
        figures = [Figure("accuracy", 0.75, 0.5, 0.25, 4), Figure("accuracy, nl", 1.0)]
        return Outcome(4, [{"row": row, "language": "é"} for row in range(4)], figures, "always Dutch")

    module = types.ModuleType("echo_what")
    module.evaluate = evaluate
    monkeypatch.setitem(sys.modules, "echo_what", module)
    monkeypatch.setitem(command.WHAT, "echo", "echo_what")
    return seen


def test_the_command_prints_score_baseline_chance_and_rows_and_writes_predictions(
    tmp_path: Path, echo: list[Given], capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "town.toml").write_text('name = "Best"')
    rows, out, town = (str(tmp_path / name) for name in ("rows.tsv", "out.jsonl", "town.toml"))
    assert main(["evaluate", "echo", rows, "--town", town, "--learn", rows, "--predictions", out]) == 0
    assert echo == [Given(Path(rows), TownFile("Best"), Path(rows))]
    assert capsys.readouterr().out.splitlines() == [
        "echo: 4 rows",
        "                  score   baseline     chance     rows",
        "accuracy         0.7500     0.5000     0.2500        4",
        "accuracy, nl     1.0000          –          –",
        "Baseline: always Dutch",
    ]
    written = [json.loads(line) for line in Path(out).read_text().splitlines()]
    assert written == [{"row": row, "language": "é"} for row in range(4)]


def test_what_cannot_be_written_is_told(tmp_path: Path, echo: list[Given], capsys: pytest.CaptureFixture) -> None:
    assert main(["evaluate", "echo", "rows.tsv", "--predictions", str(tmp_path / "no" / "out")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_macro_f1_counts_every_label_alike() -> None:
    true = ["a"] * 8 + ["b"] * 2
    assert scoring.macro_f1(true, true) == 1.0
    assert scoring.macro_f1(true, ["a"] * 10) == pytest.approx((2 * 0.8 / 1.8) / 2)
    assert scoring.accuracy_each(true, ["a"] * 10) == {"a": 1.0, "b": 0.0}
    assert scoring.mean([]) == scoring.accuracy([], []) == 0.0

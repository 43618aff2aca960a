"""`plein evaluate places`: what it prints, what it writes, what it refuses, and that corrections count."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plein_web.site.cli import main
from plein_web.site.evaluate import places
from plein_web.site.evaluate.outcome import Given, TownFile
from plein_web.site.saying import Told

# No row is read or written here: once is enough.
DATABASES = ("sqlite",)

ROWS = [
    ("Best", "De burgemeester van Best opent het zwembad", "1"),
    ("Best", "Best lastig, zo'n formulier", "0"),
    ("Buren", "Onze buren zijn aardig", "0"),
    ("Buren", "Inwoners van Buren boos over afval", "1"),
]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEIN_LANGUAGE", "en")


def _table(path: Path, rows: list[tuple[str, str, str]], header: str = "place\ttext\tlabel") -> Path:
    path.write_text("\n".join([header, *("\t".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def test_it_prints_score_baseline_and_chance_and_writes_one_prediction_a_row(tmp_path: Path, capsys) -> None:
    out = tmp_path / "out.jsonl"
    assert main(["evaluate", "places", str(_table(tmp_path / "rows.tsv", ROWS)), "--predictions", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "places: 4 rows" in printed
    assert "precision, mean of the places" in printed
    assert "Best: precision 1.00, recall 1.00, 2 rows" in printed
    predictions = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [one["row"] for one in predictions] == [0, 1, 2, 3]
    assert [one["about"] for one in predictions] == [True, False, False, True]
    assert all(0 <= one["sure"] <= 1 and isinstance(one["why"], str) for one in predictions)
    assert "burgemeester van Best" in predictions[0]["why"]


def test_the_figures_are_means_over_the_places_beside_plain_matching(tmp_path: Path) -> None:
    rows = [*ROWS, ("Best", "Best Best", "0"), ("Hulst", "hulst met bessen", "0")]
    precision, recall = places.evaluate(Given(_table(tmp_path / "rows.tsv", rows))).figures
    assert precision.baseline == pytest.approx((1 / 3 + 1 / 2 + 0) / 3)
    assert recall.baseline == pytest.approx((1 + 1 + 0) / 3)
    assert precision.chance == pytest.approx((1 / 3 + 1 / 2 + 0) / 3)
    assert precision.rows == 6


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("place\ttext\nBest\thoi\n", "line 1: the header has no column label"),
        ("place\ttext\tlabel\nBest\thoi\t1\nBest\thoi\tja\n", "line 3: label is 'ja', and has to be one of: 1, 0"),
        ("place\ttext\tlabel\nBest\thoi\n", "line 2: 2 columns where the header has 3"),
        ("place\ttext\tlabel\nBest\thoi\t1\n \thoi\t1\n", "line 3: place is missing or no text"),
    ],
)
def test_a_malformed_row_is_an_error_that_names_its_line(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(Told) as problem:
        places.evaluate(Given(path))
    assert str(problem.value) == f"{path}, {words}"


def test_corrections_of_another_file_count_for_their_own_place(tmp_path: Path) -> None:
    text = "in Best staat de tijd stil"
    rows = _table(tmp_path / "rows.tsv", [("Best", text, "0")])
    taught = _table(tmp_path / "taught.tsv", [("Best", text, "0")])
    elsewhere = _table(tmp_path / "elsewhere.tsv", [("Buren", text, "0")])
    said = [places.evaluate(Given(rows, learn=learn)).predictions[0]["about"] for learn in (None, taught, elsewhere)]
    assert said == [True, False, True]


def test_what_a_towns_file_says_counts_for_that_town(tmp_path: Path) -> None:
    rows = _table(
        tmp_path / "rows.tsv", [("Waterdam", "brand in Kraaienhoek", "1"), ("Best", "brand in Kraaienhoek", "0")]
    )
    town = TownFile("waterdam", neighbourhoods=("Kraaienhoek",))
    assert [one["about"] for one in places.evaluate(Given(rows, town)).predictions] == [True, False]
    assert [one["about"] for one in places.evaluate(Given(rows)).predictions] == [False, False]

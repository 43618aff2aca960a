"""`plein evaluate masking`: what is masked in every row, scored on exact pieces, and no malformed row passes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plein_web.site.cli import main

ROWS = [
    ("@waterdam mijn bsn is 111222333, app 06-12345678", ["111222333", "06-12345678"]),
    ("ordernr 111222333 en de A58", []),
    ("bel 112 bij brand", ["112"]),
]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEIN_LANGUAGE", "en")


def written(path: Path, rows: list) -> Path:
    path.write_text("".join(json.dumps({"text": text, "pii": pii}) + "\n" for text, pii in rows))
    return path


def test_every_row_is_answered_and_the_wrong_ones_are_told(tmp_path: Path, capsys) -> None:
    rows, out = written(tmp_path / "rows.jsonl", ROWS), tmp_path / "out.jsonl"
    assert main(["evaluate", "masking", str(rows), "--predictions", str(out)]) == 0
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert found == [
        {"row": 0, "masked": ["111222333", "06-12345678"]},
        {"row": 1, "masked": []},
        {"row": 2, "masked": []},
    ]
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["precision", "1.0000", "0.6667", "–", "3"]
    assert lines[3].split() == ["recall", "0.6667", "0.6667", "–", "3"]
    assert lines[-1] == "row 2: missed '112', too much –"


@pytest.mark.parametrize(
    ("pii", "words"),
    [
        ("06", "pii is missing or no list of texts"),
        ([1], "pii is missing"),
        (["113"], "'113' does not stand in the text"),
    ],
)
def test_a_malformed_label_is_an_error_that_names_its_line(tmp_path: Path, capsys, pii, words: str) -> None:
    rows = written(tmp_path / "rows.jsonl", [*ROWS, ("bel 112", pii)])
    assert main(["evaluate", "masking", str(rows)]) == 1
    assert "line 4: " in (err := capsys.readouterr().err) and words in err


def test_the_labels_have_no_say_in_the_answers(tmp_path: Path) -> None:
    answers = []
    for number, rows in enumerate((ROWS, [(text, []) for text, _ in ROWS])):
        out = tmp_path / f"{number}.out"
        assert (
            main(["evaluate", "masking", str(written(tmp_path / f"{number}.jsonl", rows)), "--predictions", str(out)])
            == 0
        )
        answers.append(out.read_text())
    assert answers[0] == answers[1]

"""`plein evaluate language` and `topics`: the product's own judgement over a file, without looking at its labels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plein_web.site.cli import main
from plein_web.site.evaluate import language, topics
from plein_web.site.evaluate.outcome import Given

# No row is read or written here: once is enough.
DATABASES = ("sqlite",)

ROWS = [
    ("nl", "wanneer wordt de container geleegd?"),
    ("en", "when will they empty the bins here"),
    ("de", "wann wird hier endlich der Müll abgeholt"),
    ("sv", "123 😀"),
    ("nl", "kliko"),
]
MESSAGES = [("de kliko is niet geleegd", "afval"), ("hoera, de kermis komt", "evenementen"), ("fijne dag", "anders")]


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEIN_LANGUAGE", "en")


def labelled(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.write_text("language\ttext\n" + "".join(f"{code}\t{text}\n" for code, text in rows))
    return path


def messages(path: Path, rows: list[tuple[str, str]]) -> Path:
    path.write_text("".join(json.dumps({"text": text, "topic": topic}) + "\n" for text, topic in rows))
    return path


def test_language_answers_every_row_and_prints_the_mean_of_the_languages(tmp_path: Path, capsys) -> None:
    rows, out = labelled(tmp_path / "rows.tsv", ROWS), tmp_path / "out.jsonl"
    assert main(["evaluate", "language", str(rows), "--predictions", str(out)]) == 0
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert found == [{"row": n, "language": code} for n, code in enumerate(["nl", "en", "de", "und", "nl"])]
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "language: 5 rows"
    assert lines[2].split()[-4:] == ["1.0000", "0.5000", "0.1250", "5"]
    assert lines[-1].startswith("Baseline: ")


def test_a_language_that_is_none_of_ours_is_answered_well_by_und() -> None:
    assert language.figures(["und"], ["und"], ["nl"])[0].score == 1.0
    assert language.by_common_words("the cat is on the mat and it was not") == "en"
    assert language.by_common_words("xyz") == "nl"


def test_topics_answer_every_row_with_the_reason(tmp_path: Path, capsys) -> None:
    rows, out = messages(tmp_path / "rows.jsonl", MESSAGES), tmp_path / "out.jsonl"
    assert main(["evaluate", "topics", str(rows), "--predictions", str(out)]) == 0
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [one["topic"] for one in found] == ["afval", "evenementen", "anders"]
    assert "kliko" in found[0]["why"] and "kermis" in found[1]["why"]
    assert "macro-F1" in capsys.readouterr().out


def test_a_topic_that_does_not_exist_is_an_error_that_names_its_line(tmp_path: Path, capsys) -> None:
    rows = messages(tmp_path / "rows.jsonl", [*MESSAGES, ("hoi", "sport")])
    assert main(["evaluate", "topics", str(rows)]) == 1
    assert "line 4: topic is 'sport'" in capsys.readouterr().err


@pytest.mark.parametrize("what", [language, topics])
def test_the_labels_have_no_say_in_the_answers(tmp_path: Path, what) -> None:
    if what is language:
        files = [
            labelled(tmp_path / f"{n}.tsv", rows) for n, rows in enumerate((ROWS, [("pl", text) for _, text in ROWS]))
        ]
    else:
        files = [
            messages(tmp_path / f"{n}.jsonl", rows)
            for n, rows in enumerate((MESSAGES, [(t, "bestuur") for t, _ in MESSAGES]))
        ]
    first, second = (what.evaluate(Given(file)).predictions for file in files)
    assert first == second


def test_an_empty_file_has_no_rows_and_no_score(tmp_path: Path, capsys) -> None:
    assert main(["evaluate", "language", str(labelled(tmp_path / "rows.tsv", []))]) == 0
    assert "language: 0 rows" in capsys.readouterr().out
    assert main(["evaluate", "topics", str(messages(tmp_path / "rows.jsonl", []))]) == 0


def test_what_a_town_taught_has_no_say_in_language_and_that_is_told(tmp_path: Path, capsys) -> None:
    rows = str(labelled(tmp_path / "rows.tsv", ROWS))
    assert main(["evaluate", "language", rows, "--learn", rows]) == 0
    assert "--town and --learn have no say in language." in capsys.readouterr().err

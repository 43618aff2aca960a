"""`plein evaluate conversation-places`: what it prints and writes, what it refuses, and that the labels have no say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plein_web.site.cli import main
from plein_web.site.evaluate.conversation_places import evaluate, labelled, weighed
from plein_web.site.evaluate.outcome import Given, TownFile
from plein_web.site.evaluate.ranking import chance_ndcg, ndcg
from plein_web.site.saying import Told

# No row is read or written here: once is enough.
DATABASES = ("sqlite",)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLEIN_LANGUAGE", "en")


def place(name: str, worth: Any, *lines: str, day: int = 4) -> dict:
    """Return a place with a message an hour, each by another author, each in reply to the first."""
    messages = [
        {
            "text": text,
            "at": f"2026-05-{day:02}T{8 + hour:02}:00:00+02:00",
            "author": f"a{hour}",
            "reply_to": 0 if hour else None,
        }
        for hour, text in enumerate(lines)
    ]
    return {"place": name, "messages": messages, "worth_joining": worth, "extra": "is ignored"}


ROWS = [
    place("#rouw", 0, "Mijn vader is overleden", "gecondoleerd", "sterkte", "knuffel"),
    place("#afval", 3, "Wanneer wordt de container geleegd?", "geen idee, hier ook"),
    place("#plein", 2, "De stoep ligt vol losse tegels", "en de lantaarnpaal is stuk"),
    place("#weer", 1, "goedemorgen", "lekker weertje"),
]


def written(path: Path, rows: list) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_it_prints_the_score_beside_volume_and_chance_and_writes_one_prediction_a_row(tmp_path: Path, capsys) -> None:
    rows, out = written(tmp_path / "rows.jsonl", ROWS), tmp_path / "out.jsonl"
    assert main(["evaluate", "conversation-places", str(rows), "--predictions", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "conversation-places: 4 rows"
    assert lines[2].split()[:2] == ["NDCG@20", "1.0000"]
    assert any(line.startswith("among the first 20: #rouw, label 0") for line in lines)
    found = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert [one["place"] for one in found] == [row["place"] for row in ROWS]
    assert all(set(one) == {"place", "score", "why"} and 0 <= one["score"] <= 3 for one in found)
    assert found[1]["why"] == "A question about “container” has no answer yet." or "container" in found[1]["why"]


def test_volume_and_chance_are_the_same_measure_for_other_orders(tmp_path: Path) -> None:
    score, straight, welcome, useless = evaluate(Given(written(tmp_path / "rows.jsonl", ROWS))).figures
    gains = [0, 7, 3, 1]
    assert score.baseline == pytest.approx(ndcg(gains, [4, 2, 2, 2]))
    assert score.chance == pytest.approx(chance_ndcg(gains))
    assert straight.score == score.score == 1
    assert (welcome.score, welcome.rows, useless.chance) == (0.5, 4, 0.25)


def test_the_labels_have_no_say_in_the_answers(tmp_path: Path) -> None:
    turned = [{**row, "worth_joining": 3 - row["worth_joining"]} for row in ROWS]
    answers = [
        list(evaluate(Given(written(tmp_path / f"{number}.jsonl", rows)))) for number, rows in enumerate((ROWS, turned))
    ]
    assert answers[0] == answers[1]


def test_places_of_one_time_are_judged_at_one_moment_and_others_each_at_its_own(tmp_path: Path) -> None:
    close = written(
        tmp_path / "close.jsonl", [place("#a", 3, "Wanneer wordt de container geleegd?", day=day) for day in (4, 6, 7)]
    )
    assert [one.waits.days for one in weighed(labelled(close), None)] == [3, 1, 0]
    apart = [place("#a", 3, "Wanneer wordt de container geleegd?") for _ in range(4)]
    for month, row in enumerate(apart, 1):
        row["messages"][0]["at"] = f"2026-{month:02}-01T10:00"
    far = written(tmp_path / "far.jsonl", apart)
    assert [one.waits.days for one in weighed(labelled(far), None)] == [0, 0, 0, 0]


def test_a_town_sends_places_elsewhere_down_and_what_it_learned_counts(tmp_path: Path) -> None:
    rows = written(
        tmp_path / "rows.jsonl",
        [place("#afval", 3, "Wanneer wordt in Zwolle de container geleegd?", "in Zwolle? geen idee", "volg")],
    )
    free, known = evaluate(Given(rows)), evaluate(Given(rows, TownFile("Best")))
    assert next(iter(known))["score"] < 1 < 2 < next(iter(free))["score"]
    left = written(tmp_path / "left.jsonl", [ROWS[1] | {"worth_joining": 0}] * 5)
    assert next(iter(evaluate(Given(rows, None, left))))["score"] < next(iter(free))["score"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ([1], "this is not a JSON object"),
        ({**ROWS[0], "place": None}, "place is missing or no text"),
        ({**ROWS[0], "worth_joining": 4}, "worth_joining has to be 0, 1, 2 or 3"),
        ({**ROWS[0], "worth_joining": True}, "worth_joining has to be 0, 1, 2 or 3"),
        ({**ROWS[0], "worth_joining": None}, "worth_joining has to be 0, 1, 2 or 3"),
        ({**ROWS[0], "worth_joining": [1]}, "worth_joining has to be 0, 1, 2 or 3"),
        ({**ROWS[0], "messages": "hoi"}, "messages is missing or no list"),
        ({**ROWS[0], "messages": ["hoi"]}, "a message has no text"),
        ({**ROWS[0], "messages": [{"text": "hoi", "at": "gisteren"}]}, "'gisteren' is no moment"),
        ({**ROWS[0], "messages": [{"text": "hoi", "at": 5}]}, "'5' is no moment"),
        ({**ROWS[0], "messages": [{"text": "hoi", "author": ["a"]}]}, "author of a message is neither"),
    ],
)
def test_a_malformed_row_is_an_error_that_names_its_line(tmp_path: Path, row: Any, words: str) -> None:
    path = written(tmp_path / "rows.jsonl", [ROWS[0], row])
    with pytest.raises(Told) as problem:
        evaluate(Given(path))
    assert str(problem.value).startswith(f"{path}, line 2: ") and words in str(problem.value)


def test_messages_without_time_author_or_reply_are_read(tmp_path: Path) -> None:
    row = {"place": "#a", "messages": [{"text": "Waar meld ik een volle container?"}], "worth_joining": 3}
    assert next(iter(evaluate(Given(written(tmp_path / "rows.jsonl", [row])))))["score"] > 1
    assert list(evaluate(Given(written(tmp_path / "none.jsonl", [])))) == []

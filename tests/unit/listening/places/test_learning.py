"""What a town teaches the judge."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from plein.listening.places.examples import examples
from plein.listening.places.judge import Judge
from plein.listening.places.knowledge import TownKnowledge
from plein.listening.places.learning import NOTHING_LEARNED, Learned, explain, learned_from

COUNTS = st.dictionaries(st.text(max_size=5), st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5)


def _taught(text: str, about: bool, times: int = 1) -> Judge:
    judge = Judge(TownKnowledge("Best"))
    for _ in range(times):
        judge = judge.learn(text, about)
    return judge


def test_a_correction_takes_effect_at_the_next_text() -> None:
    text = "in Best staat de tijd stil"
    before = Judge(TownKnowledge("Best")).judge(text)
    after = _taught(text, about=False).judge(text)
    assert before.about
    assert not after.about
    assert any(cue.code == "learned" for cue in after.why)


def test_a_correction_carries_over_to_a_text_like_it() -> None:
    other = "in Best staat alles stil"
    assert (
        _taught("in Best staat de tijd stil", about=False).judge(other).sure
        < Judge(TownKnowledge("Best")).judge(other).sure
    )


def test_teaching_leaves_the_judge_that_was_taught_as_it_was() -> None:
    judge = Judge(TownKnowledge("Best"))
    sure = judge.judge("best druk").sure
    judge.learn("best druk", True)
    assert judge.judge("best druk").sure == sure


def test_nothing_is_forgotten_however_much_is_learned_after_it() -> None:
    judge = _taught("Bestel nu bij Best in Bladel", about=False)
    for one in examples()[:200]:
        judge = judge.learn(one.text, one.about)
    first = _taught("Bestel nu bij Best in Bladel", about=False).learned.counts
    assert all(judge.learned.counts[pattern][1] >= no for pattern, (_, no) in first.items())


def test_it_can_be_shown_and_kept_as_json() -> None:
    learned = _taught("Best of Bob, de film", about=False, times=2).learned
    assert learned_from(json.loads(json.dumps(learned.as_data()))) == learned
    assert explain(learned)[0][2] == 2
    assert explain(learned, 3) == explain(learned)[:3]


def test_numbers_and_handles_are_not_kept() -> None:
    learned = _taught("@femke bel Best 0612345678 even", about=True).learned
    assert not [pattern for pattern in learned.counts if "0612345678" in pattern or "femke" in pattern]


@given(COUNTS, COUNTS)
def test_what_two_taught_adds_up_whoever_comes_first(one: dict, other: dict) -> None:
    assert Learned(one).with_all(Learned(other)) == Learned(other).with_all(Learned(one))
    assert Learned(one).with_all(NOTHING_LEARNED) == Learned(one)

"""The public register as data: what stands in it, and what never does."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime

from plein.listening.drafting import Draft, Gap, Points, Section, Table, markdown
from plein.listening.register import COLUMNS, Entry, Register, State, as_csv, as_data, is_listed

ENTRY = Entry(
    number=1,
    name="Sluisbrug dicht",
    topic="",
    purpose="Vragen beantwoorden",
    legal_ground="public_task",
    article="",
    owner="",
    state=State.RUNNING,
    since=date(2026, 3, 3),
    until=date(2026, 6, 3),
    approved_on=None,
    review_on=None,
    retention_days=90,
    deleted_on=date(2026, 9, 1),
    public_order=False,
    sources=("Bluesky",),
)
REGISTER = Register(
    municipality="Waterdam",
    address="https://plein.example",
    made_at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
    contact="",
    officer="",
    processor="",
    networks=("Bluesky",),
    entries=(ENTRY,),
)


def test_what_nobody_wrote_down_is_null_and_not_made_up():
    told = as_data(REGISTER)
    assert told["processor"] is None
    assert told["watches"][0]["owner"] is None


def test_a_plan_stands_in_the_register_once_it_may_collect():
    assert not is_listed(approved=False, collected=False)
    assert is_listed(approved=True, collected=False)
    assert is_listed(approved=False, collected=True)


def test_a_spreadsheet_does_not_run_what_somebody_called_a_watch():
    table = list(csv.reader(io.StringIO(as_csv(replace(REGISTER, entries=(replace(ENTRY, name="=1+1"),))))))
    assert table[0] == list(COLUMNS)
    assert table[1][1] == "'=1+1"


def test_what_somebody_typed_stays_text_in_a_draft():
    table = Table(("Naam",), (("a|b\n[x](http://y)",),))
    draft = Draft("a", "# T", "b", (Section("S", (Points(("*een*",)), table, Gap("wie"))),))
    text = markdown(draft, "Vul in")
    assert text.startswith("# \\# T\n")
    assert "- \\*een\\*" in text
    assert "| a\\|b \\[x\\](http://y) |" in text
    assert draft.gaps == ("wie",)

"""What the processes write down, and what they never do."""

from __future__ import annotations

import json
import logging

import pytest

from plein_web.site.logging import JsonLines, Plain, without_secrets

SECRET = "hunter2-hunter2"


@pytest.mark.parametrize(
    "text",
    [
        f"password={SECRET}",
        f"GET https://s.example/api?access_token={SECRET}&limit=3",
        f"{{'accessJwt': '{SECRET}'}}",
        f'{{"refresh_token": "{SECRET}"}}',
        f"Authorization: Bearer {SECRET}",
        f"authorization: Basic {SECRET}",
        f"cookie: {SECRET}",
        f"https://proxy:{SECRET}@proxy.example:3128",
        f"postgres://plein:{SECRET}@db.example/plein",
        f"http://127.0.0.1/enter/{SECRET}/",
        f"http://127.0.0.1/setup/?code={SECRET}",
        f"app_password: {SECRET}",
        f"token eyJhbGciOi.{SECRET}.abc",
        f"gAAAAABn{SECRET}aaaaaaaaaaaaaaaaaaaa",
    ],
)
def test_no_secret_reaches_a_line_of_either_form(text: str) -> None:
    record = logging.makeLogRecord({"msg": text, "name": "plein", "levelname": "INFO", "token": SECRET, "note": text})
    for form in (JsonLines(), Plain()):
        assert SECRET not in form.format(record)


def test_a_secret_in_an_exception_is_taken_out_too() -> None:
    try:
        raise ValueError(f"refused: token={SECRET}")
    except ValueError as problem:
        record = logging.makeLogRecord({"msg": "failed", "exc_info": (type(problem), problem, problem.__traceback__)})
    for form in (JsonLines(), Plain()):
        line = form.format(record)
        assert SECRET not in line
        assert "ValueError" in line


def test_ordinary_words_stay_as_they_are() -> None:
    text = "source mastodon: mentions answered in 12 ms; 3 posts, cursor 1147"
    assert without_secrets(text) == text


def test_a_line_of_json_is_one_object_with_its_extras() -> None:
    record = logging.makeLogRecord(
        {"msg": "%d posts", "args": (3,), "name": "plein.engine", "levelname": "INFO", "town": "waterdam"}
    )
    line = json.loads(JsonLines().format(record))
    assert (line["says"], line["from"], line["town"]) == ("3 posts", "plein.engine", "waterdam")

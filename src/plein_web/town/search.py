"""Full text over one normalised column, on SQLite (FTS5) and PostgreSQL (tsvector `simple`).

The same words find the same rows on both: the words are normalised in Python, and the town is a
word like any other, so that a search never reads another town's index entries.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, migrations, models
from django.db.models.expressions import RawSQL

from plein.town.words import words


def found(queryset: models.QuerySet, town_id: int, asked: str) -> models.QuerySet:
    """Return the rows of a queryset with all the words asked for; the last may be a beginning."""
    terms = words(asked)
    if not terms:
        return queryset
    table = queryset.model._meta.db_table
    if connection.vendor == "sqlite":
        query = " ".join([f'"town{town_id}"', *(f'"{term}"' for term in terms[:-1]), f'"{terms[-1]}"*'])
        return queryset.filter(pk__in=RawSQL(f"SELECT rowid FROM {table}_words WHERE {table}_words MATCH %s", [query]))
    query = " & ".join([f"town{town_id}", *terms[:-1], f"{terms[-1]}:*"])
    matching = f"SELECT id FROM {table} WHERE search_words @@ to_tsquery('simple', %s)"
    return queryset.filter(pk__in=RawSQL(matching, [query]))


def press(table: str) -> None:
    """Squeeze deleted words out of the files: a table's index, and the log. Not inside a transaction.

    FTS5 only marks what is deleted; the words leave the file when all parts of the index are
    merged into one.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"VACUUM {table}")
        else:
            cursor.execute(f"INSERT INTO {table}_words({table}_words) VALUES ('optimize')")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def words_in_index(table: str, sought: Iterable[str]) -> list[str]:
    """Return which of some words an index still holds though no row has them any more."""
    return [word for word in sought if not _any_row_has(table, word) and _index_holds(table, word)]


def _any_row_has(table: str, word: str) -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT 1 FROM {table} WHERE search_words @@ to_tsquery('simple', %s) LIMIT 1", [word])
        else:
            cursor.execute(f"SELECT 1 FROM {table}_words WHERE {table}_words MATCH %s LIMIT 1", [f'"{word}"'])
        return cursor.fetchone() is not None


def _index_holds(table: str, word: str) -> bool:
    """Whether the blocks of an index hold a word. PostgreSQL keeps words beside their rows: no row, no word."""
    if connection.vendor == "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {table}_words_data WHERE instr(block, %s) LIMIT 1", [word.encode()])
        return cursor.fetchone() is not None and not _part_of_another(cursor, table, word)


def _part_of_another(cursor, table: str, word: str) -> bool:
    """Whether a word that rows still have holds this one as a part."""
    vocabulary = f"temp.{table}_vocabulary"
    cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {vocabulary} USING fts5vocab('main', '{table}_words', 'row')")
    cursor.execute(f"SELECT 1 FROM {vocabulary} WHERE instr(term, %s) LIMIT 1", [word])
    return cursor.fetchone() is not None


def index_search(table: str) -> migrations.RunPython:
    """Return the migration step that gives a table with a `search` column its index."""

    def forwards(apps, editor) -> None:
        for statement in _SQLITE if editor.connection.vendor == "sqlite" else _POSTGRES:
            editor.execute(statement.format(table=table))

    def backwards(apps, editor) -> None:
        for statement in _SQLITE_DROP if editor.connection.vendor == "sqlite" else _POSTGRES_DROP:
            editor.execute(statement.format(table=table))

    return migrations.RunPython(forwards, backwards)


_SQLITE = (
    """CREATE VIRTUAL TABLE {table}_words USING fts5(
        search, content='{table}', content_rowid='id', tokenize='unicode61 remove_diacritics 0', prefix='3 4')""",
    """CREATE TRIGGER {table}_words_insert AFTER INSERT ON {table} BEGIN
        INSERT INTO {table}_words(rowid, search) VALUES (new.id, new.search); END""",
    """CREATE TRIGGER {table}_words_delete AFTER DELETE ON {table} BEGIN
        INSERT INTO {table}_words({table}_words, rowid, search) VALUES ('delete', old.id, old.search); END""",
    """CREATE TRIGGER {table}_words_update AFTER UPDATE OF search ON {table} BEGIN
        INSERT INTO {table}_words({table}_words, rowid, search) VALUES ('delete', old.id, old.search);
        INSERT INTO {table}_words(rowid, search) VALUES (new.id, new.search); END""",
)
_SQLITE_DROP = (
    "DROP TRIGGER {table}_words_insert",
    "DROP TRIGGER {table}_words_delete",
    "DROP TRIGGER {table}_words_update",
    "DROP TABLE {table}_words",
)
_POSTGRES = (
    """ALTER TABLE {table} ADD COLUMN search_words tsvector
        GENERATED ALWAYS AS (to_tsvector('simple', search)) STORED""",
    "CREATE INDEX {table}_words ON {table} USING gin (search_words)",
)
_POSTGRES_DROP = ("ALTER TABLE {table} DROP COLUMN search_words",)

"""Databases turned round: the watches stand still and the posts are asked. As quick as each can be made.

All get the same text, already taken apart into words with a space between, and the same queries.
Each says for every post which watches match; what it is slow at is its own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from plein.listening.meaning import Sought
from plein.listening.query.tree import And, Node, Not, Or

Found = set[tuple[int, int]]


class Fts5:
    """SQLite: a batch of posts in a full-text table in memory, every watch a query over it."""

    name = "SQLite FTS5, a table in memory a batch"

    def __init__(self, watches: dict[int, Node]) -> None:
        self.queries = [(number, self._query(tree)) for number, tree in watches.items()]
        self.database = sqlite3.connect(":memory:")

    def match(self, texts: list[str]) -> Found:
        # The tokenizer `ascii` takes everything beyond ASCII as part of a word: emoji stay words.
        self.database.execute("CREATE VIRTUAL TABLE post USING fts5(text, content='', tokenize='ascii')")
        self.database.executemany("INSERT INTO post(rowid, text) VALUES (?, ?)", enumerate(texts))
        found = {
            (post, number)
            for number, query in self.queries
            for (post,) in self.database.execute("SELECT rowid FROM post WHERE post MATCH ?", (query,))
        }
        self.database.execute("DROP TABLE post")
        return found

    def _query(self, tree: Node) -> str:
        match tree:
            case Sought(words, _, open_ended):
                return f'"{" ".join(words)}"' + "*" * open_ended
            case Or(parts):
                return f"({' OR '.join(map(self._query, parts))})"
            case And(parts):
                wanted = " AND ".join(self._query(part) for part in parts if not isinstance(part, Not))
                unwanted = "".join(f" NOT {self._query(part.inner)}" for part in parts if isinstance(part, Not))
                return f"({wanted}){unwanted}"
        raise ValueError(tree)


class Tantivy:
    """tantivy: a batch of posts in an index in memory, every watch a query over it."""

    name = "tantivy, an index in memory a batch"

    def __init__(self, watches: dict[int, Node]) -> None:
        import tantivy

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=False, tokenizer_name="spaces", index_option="position")
        self.schema = builder.build()
        self.analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.queries = [(number, self._query(tree)) for number, tree in watches.items()]

    def match(self, texts: list[str]) -> Found:
        index = self.tantivy.Index(self.schema)
        index.register_tokenizer("spaces", self.analyzer)
        writer = index.writer(num_threads=1)
        for text in texts:
            writer.add_document(self.tantivy.Document(text=text))
        writer.commit()
        index.reload()
        searcher = index.searcher()
        if searcher.num_segments != 1:
            raise SystemExit("tantivy made several segments of a batch; documents have no order then")
        return {
            (address.doc, number)
            for number, query in self.queries
            for _score, address in searcher.search(query, limit=len(texts), count=False).hits
        }

    def _query(self, tree: Node):
        query, occur = self.tantivy.Query, self.tantivy.Occur
        match tree:
            case Sought(words, _, open_ended):
                if open_ended:
                    return query.regex_query(self.schema, "text", f"{words[0]}.*")
                if len(words) > 1:
                    return query.phrase_query(self.schema, "text", list(words))
                return query.term_query(self.schema, "text", words[0], index_option="basic")
            case Or(parts):
                return query.boolean_query([(occur.Should, self._query(part)) for part in parts])
            case And(parts):
                return query.boolean_query(
                    [(occur.MustNot, self._query(part.inner)) if isinstance(part, Not) else (occur.Must, self._query(part))
                     for part in parts]
                )  # fmt: skip
        raise ValueError(tree)


class Tsquery:
    """PostgreSQL: a table of tsqueries, asked with the tsvector of one post after the other."""

    name = "PostgreSQL, a table of tsqueries"

    def __init__(self, watches: dict[int, Node], address: str) -> None:
        import psycopg

        self.connection = psycopg.connect(address, autocommit=True)
        self.connection.execute("CREATE TEMPORARY TABLE watch (id int, query tsquery)")
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO watch VALUES (%s, %s::tsquery)",
                [(number, self._query(tree)) for number, tree in watches.items()],
            )
        self.connection.execute("ANALYZE watch")

    def match(self, texts: list[str]) -> Found:
        ask = "SELECT id FROM watch WHERE %s::tsvector @@ query"
        return {
            (post, number)
            for post, text in enumerate(texts)
            for (number,) in self.connection.execute(ask, (_tsvector(text.split(" ")),))
        }

    def _query(self, tree: Node) -> str:
        match tree:
            case Sought(words, _, open_ended):
                return f"({' <-> '.join(map(_quoted, words))}{':*' * open_ended})"
            case Or(parts):
                return f"({' | '.join(map(self._query, parts))})"
            case And(parts):
                return f"({' & '.join(map(self._query, parts))})"
            case Not(inner):
                return f"!{self._query(inner)}"
        raise ValueError(tree)


def _tsvector(words: Iterable[str]) -> str:
    return " ".join(f"{_quoted(word)}:{place}" for place, word in enumerate(words, 1))


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


def batches(texts: list[str], size: int) -> Iterator[tuple[int, list[str]]]:
    """Yield texts some at a time, with the number of the first."""
    for start in range(0, len(texts), size):
        yield start, texts[start : start + size]

"""Says in a sentence why the judge thinks what it thinks."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from plein.listening.places.judge import Cue
from plein.town.saying import own

_Sentence = Callable[[str], str]

# By how a code begins: the first that fits says it. What speaks for a town, then what speaks against.
FOR: tuple[tuple[str, _Sentence], ...] = (
    ("around", lambda words: own("“{0}” lies in or near the town", words)),
    ("own street", lambda words: own("the street {0}", words)),
    ("own building", lambda words: own("“{0}” lies in or near the town", words)),
    ("with:street", lambda words: own("the street {0}", words)),
    ("with:", lambda words: own("“{0}” lies in or near the town", words)),
    ("place:", lambda words: own("“{0}” lies in or near the town", words)),
    ("province:", lambda words: own("“{0}” is the region of the town", words)),
    ("street", lambda words: own("the street {0}", words)),
    ("topic:", lambda words: own("“{0}” is a matter of a town", words)),
    ("tag:", lambda words: own("the hashtag {0}", words)),
    ("written:", lambda words: own("“{0}” is written as a name", words)),
    ("near", lambda words: own("what was said around it names {0}", words)),
    ("learned", lambda words: own("your town taught it: “{0}”", words)),
    ("ordinary:none", lambda words: own("nothing goes with the ordinary word {0}", words)),
    ("", lambda words: own("“{0}” is how one writes of a place", words)),
)
AGAINST: tuple[tuple[str, _Sentence], ...] = (
    ("ordinary", lambda words: own("“{0}” goes with the ordinary word", words)),
    ("person", lambda words: own("“{0}” looks like the name of a person", words)),
    ("link:name", lambda words: own("“{0}” looks like the name of a person", words)),
    ("link:capital", lambda words: own("“{0}” looks like the name of a person", words)),
    ("elsewhere", lambda words: own("“{0}” points to something else of the same name", words)),
    ("place:", lambda words: own("“{0}” is another place", words)),
    ("province:", lambda words: own("“{0}” is another place", words)),
    ("topic:abroad", lambda words: own("“{0}” is another place", words)),
    ("football", lambda words: own("“{0}” is about a match", words)),
    ("before:club", lambda words: own("“{0}” is a club", words)),
    ("foreign", lambda words: own("the text is in another language", words)),
    ("learned", lambda words: own("your town taught it: “{0}”", words)),
    ("written:", lambda words: own("“{0}” is not written as a name", words)),
    ("", lambda words: own("“{0}” is how one writes the ordinary word", words)),
)


def reason(cue: Cue) -> str:
    """Return one cue as an own sentence, to be shown with `told`.

    >>> from plein.town.saying import plain
    >>> plain(reason(Cue("link:office", "burgemeester van Best", 2.0)))
    '“burgemeester van Best” is how one writes of a place'
    """
    sentences = FOR if cue.weight > 0 else AGAINST
    return next(say(cue.words) for code, say in sentences if cue.code.startswith(code))


def reasons(why: Iterable[Cue]) -> list[str]:
    """Return the sentences of a verdict, each once."""
    return list(dict.fromkeys(reason(cue) for cue in why))

"""The words of the language itself: operators, filters, codes. Rules as data."""

from __future__ import annotations

from types import MappingProxyType

MAX_LENGTH = 65_000
MAX_PIECES = 2_500
MAX_DEPTH = 40
MAX_TERM = 120
MIN_BEGINNING = 3
MAX_DISTANCE = 100
USUAL_DISTANCE = 5

FILTERS = MappingProxyType(
    {
        "lang": "lang",
        "taal": "lang",
        "network": "network",
        "netwerk": "network",
        "tag": "tag",
        "link": "link",
        "place": "place",
        "plaats": "place",
    }
)
# What people write who learned it elsewhere.
MEANT = MappingProxyType(
    {
        "language": "lang",
        "talen": "taal",
        "hashtag": "tag",
        "url": "link",
        "site": "link",
        "domain": "link",
        "domein": "link",
        "website": "link",
        "platform": "netwerk",
        "kanaal": "netwerk",
        "channel": "network",
        "bron": "netwerk",
        "source": "network",
        "gemeente": "plaats",
        "town": "place",
        "city": "place",
        "stad": "plaats",
        "dorp": "plaats",
        "plek": "plaats",
        "locatie": "plaats",
        "location": "place",
        "near": "place",
    }
)
# Filters of other tools that point at people. Plein has none, on purpose.
PERSON_FILTERS = frozenset(
    "author auteur account by door from gebruiker handle mention mentions persoon profiel profile to user van".split()
)
# Signs that mean something elsewhere, and how to say it here.
SIGNS = MappingProxyType(
    {"&": "AND", "&&": "AND", "+": "AND", "|": "OR", "||": "OR", "/": "OR", ",": "OR", ";": "OR", "!": "NOT"}
)
SMALL = MappingProxyType({"and": "AND", "en": "EN", "or": "OR", "of": "OF", "not": "NOT", "niet": "NIET"})

# ISO 639-1 (the Library of Congress keeps it). `und` is the honest answer for unknown.
LANGUAGES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el "
    "en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu "
    "ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na "
    "nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so "
    "sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu und".split()
)
LANGUAGE_NAMES = MappingProxyType(
    {
        "nederlands": "nl", "dutch": "nl", "ned": "nl", "nld": "nl", "dut": "nl", "vlaams": "nl",
        "fries": "fy", "frysk": "fy", "frisian": "fy", "fry": "fy",
        "engels": "en", "english": "en", "eng": "en", "uk": "uk", "gb": "en",
        "duits": "de", "deutsch": "de", "german": "de", "deu": "de", "ger": "de",
        "frans": "fr", "francais": "fr", "french": "fr", "fra": "fr",
        "turks": "tr", "turkish": "tr", "tur": "tr",
        "pools": "pl", "polish": "pl", "pol": "pl",
        "arabisch": "ar", "arabic": "ar", "ara": "ar",
        "oekraiens": "uk", "ukrainian": "uk", "russisch": "ru", "russian": "ru",
        "spaans": "es", "spanish": "es", "italiaans": "it", "italian": "it",
        "roemeens": "ro", "romanian": "ro", "bulgaars": "bg", "bulgarian": "bg",
        "papiamento": "und", "papiaments": "und", "limburgs": "li", "limburgish": "li",
        "onbekend": "und", "unknown": "und",
    }
)  # fmt: skip

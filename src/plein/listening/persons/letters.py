"""What a reader sees in letters: look-alikes, digits for letters, and signs that are nothing to see."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from plein.listening.tokens import tokens

# What looks like a Latin letter: the confusables of Unicode, as far as names are disguised with them.
_ALIKE_PAIRS = (
    "аa бb вb гr дd еe ёe зz иi йi іi їi јj кk лl мm нh оo пn рp ѕs сc тt уy хx ьb ѵv һh ԁd ԛq ԝw ғf үy қk ңh ҳx ԍg "
    "αa βb γy δd εe ζz ηn ιi κk λl μm νv οo πn ρp ϱp σo ςc τt υu χx ωw ϲc ϳj "
    "ıi łl øo đd ħh ŧt ŋn ʀr ɴn ɪi ʏy ʟl ɢg ʙb ʜh ɑa ɡg ɩi ʋv ɛe ɔo ɐa ɾr ʌa ᴀa ᴄc ᴅd ᴇe ᴊj ᴋk ᴍm ᴏo ᴘp ᴛt ᴜu ᴠv ᴡw ᴢz"
)
# How Cyrillic is read: for a name that is really written in it.
_READ_PAIRS = (
    "а:a б:b в:v г:g ґ:g д:d е:e є:e ё:e ж:zh з:z и:i і:i ї:i й:i к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:h ц:ts "
    "ч:ch ш:sh щ:sch ы:y ь: ъ: э:e ю:yu я:ya"
)
_ALIKE = {ord(pair[0]): pair[1] for pair in _ALIKE_PAIRS.split()} | {ord("æ"): "ae", ord("œ"): "oe"}
_READ = {ord(pair[0]): pair[2:] for pair in _READ_PAIRS.split()}
_DIGITS = tuple(str.maketrans("0123456789", f"o{one}zeasgtbg") for one in "il")


def keys_of(word: str) -> tuple[str, ...]:
    """Return what a word may be meant to be, likeliest first: as its letters look, as they are read, digits as letters.

    >>> keys_of("Jаn"), keys_of("Иван")[1], keys_of("S4nn3")[1]
    (('jan',), 'ivan', 'sanne')
    """
    return _keys("".join(tokens(word)))


@lru_cache(maxsize=16_384)
def _keys(folded: str) -> tuple[str, ...]:
    found = [folded if folded.isascii() else folded.translate(_ALIKE)]
    if not folded.isascii():
        found.append(folded.translate(_READ))
    if any(map(str.isdigit, folded)) and any(map(str.isalpha, folded)):
        found += [found[0].translate(digits) for digits in _DIGITS]
        found.append(found[0].rstrip("0123456789"))
    return tuple(dict.fromkeys(found))


def bare(text: str) -> str:
    """Return a text without what cannot be seen and without marks above letters, its capitals as they were.

    >>> bare("J\\u200ban de V\\u0308ries")
    'Jan de Vries'
    """
    if text.isascii():
        return text
    seen = (one for one in unicodedata.normalize("NFKD", text) if not _is_nothing(one))
    return unicodedata.normalize("NFC", "".join(seen))


def _is_nothing(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cf", "Mn", "Me")

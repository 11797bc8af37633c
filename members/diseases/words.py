"""How names of diseases are made alike, in four languages, whoever writes them and however.

On top of what the search does with accents: British and American spelling, endings, the words that
may be left out, and German umlauts written as two letters.
"""

import re
from functools import lru_cache

from pages.search.words import words

# Of "maladie de Crohn" it leaves "crohn".
_LEFT_OUT = """
    a an and by d das de den der des die disease diseases du een en et for het im in
    krankheit krankheiten l la le les maladie maladies morbus nach of par s syndrome
    syndromes syndroom syndrom the to und van von voor with ziekte ziekten ziektes zu
"""
LEFT_OUT = frozenset(_LEFT_OUT.split())
# They are in names, and say nothing of a disease alone.
_SAY_LITTLE = """
    aandoening acute aigu aigue aigus akut akute based birth blanc blanche body care cel
    cell cellen cells cellulaire cellulaires cellule cellules chronic chronique chronisch
    chronische condition conditions contact corps disorder early erkrankung failure female
    free geburt geen general high hors humain humaine human multiple naissance non not organ
    organen organes organs other people purposes special stoornis system trouble type vrouw
    weiss weisse white zelle zellen
"""
# Endings of a plural or of a language's own; "y" and "ie" end the same word.
ENDINGS = ("en", "e", "s", "x")
SHORTEST_STEM = 4  # letters
SPELLINGS = (
    ("ae", "e"), ("oesoph", "esoph"), ("oesof", "esof"), ("oedem", "edem"), ("coelia", "celia"),
    ("foet", "fet"), ("rrhoe", "rrhe"), ("tumour", "tumor"),
)  # fmt: skip
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
# "mond- en keelkanker": the first word lacks its end.
HALF_WORD = re.compile(r"(\w+)- (?:en|und|et|and) (\w+)")


@lru_cache(maxsize=10_000)
def stem(word: str) -> str:
    """Of a folded word; one with a digit is no word and stays."""
    if not word.isalpha():
        return word
    for spelt, plain in SPELLINGS:
        word = word.replace(spelt, plain)
    shorter = word
    while shorter:
        word, shorter = shorter, _without_ending(shorter)
    return re.sub("y$", "i", word)


def _without_ending(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word.removesuffix(ending)
    return ""


def stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(text) if word not in LEFT_OUT)


def spellings(text: str) -> set[str]:
    """As it is, and as it is typed where there is no key for an umlaut."""
    return {text, text.translate(UMLAUTS)}


SAY_LITTLE = frozenset(stem(word) for word in _SAY_LITTLE.split())


def whole_words(text: str, ends: tuple[str, ...]) -> list[str]:
    """For a word that ends with its neighbour: both, if that has one of these ends."""
    return [
        found[1] + end
        for found in HALF_WORD.finditer(text)
        for end in ends
        if found[2].lower().endswith(end)
    ]

"""Snowball stems, Swedish and English."""

from functools import lru_cache
from typing import Literal

import Stemmer

Language = Literal["sv", "en"]

_ALGORITHMS = {"sv": "swedish", "en": "english"}


@lru_cache(maxsize=4)
def _stemmer(language: str) -> Stemmer.Stemmer:
    if language not in _ALGORITHMS:
        raise ValueError(f"no stemmer for language {language!r}")
    return Stemmer.Stemmer(_ALGORITHMS[language])


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Return the Snowball stem of a word in lower case; `language` is `sv` or `en`.

    Examples
    --------
    >>> stem("föreningarna", "sv"), stem("associations", "en")
    ('förening', 'associ')
    """
    if language == "en" and word.endswith(("'s", "’s")):
        word = word[:-2]
    return str(_stemmer(language).stemWord(word))

"""Words too general to be named as what two texts share: "plats", "börja", "hälften", "place".

The lists (`general_words_sv.txt`, `general_words_en.txt`; UTF-8, own work, free for others under this
project's licence) hold base forms. They decide only what is shown to people, never a score. Words that
are also something definite ("natur" beside "naturlig", "rights" beside "right") are left out of them.
"""

from functools import lru_cache
from importlib import resources

from brygga.language.stems import stem
from brygga.language.tokens import is_stop_word


def is_general_word(word: str, language: str) -> bool:
    """Say whether a word (lower case, any inflection) tells nothing of what a text is about.

    Examples
    --------
    >>> is_general_word("platserna", "sv"), is_general_word("beginning", "en"), is_general_word("garage", "sv")
    (True, True, False)
    """
    return is_stop_word(word, language) or stem(word, language) in _general_stems(language)


@lru_cache(maxsize=4)
def _general_stems(language: str) -> frozenset[str]:
    text = (
        resources.files("brygga.language")
        .joinpath(f"general_words_{language}.txt")
        .read_text(encoding="utf-8")
    )
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(stem(word, language) for line in lines for word in line.split())

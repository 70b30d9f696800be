"""Words that offices write and neighbours do not say, each with a plainer one.

The lists (`officialese_sv.tsv`, `officialese_en.tsv`; UTF-8, our own choices, free for others under this project's
licence) hold expressions of one or several words; a word that ends in * is the beginning of one. They are advice
about a text, never a demand.
"""

from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from brygga.language.stems import Language
from brygga.language.tokens import tokenise

# By as many letters the listed words are looked up.
_FIRST = 3


class Expression(NamedTuple):
    """An expression as it is written in a text, and what one could say instead."""

    written: str
    plainer: str


class _Listed(NamedTuple):
    words: tuple[str, ...]
    plainer: str


def officialese(text: str, language: Language) -> list[Expression]:
    """Return the officialese in a text, in order: the longest where several begin, the first with the same advice.

    Examples
    --------
    >>> officialese("Stöd ges i syfte att hjälpa. Stödet erhålls i maj.", "sv")
    [Expression(written='i syfte att', plainer='för att'), Expression(written='erhålls', plainer='få')]
    """
    listed = _listed(language)
    words = [token.word for token in tokenise(text)]
    found: dict[str, Expression] = {}
    place = 0
    while place < len(words):
        candidates = listed.get(words[place][:_FIRST], ())
        here = next((one for one in candidates if _stands(one, words[place : place + len(one.words)])), None)
        length = len(here.words) if here else 1
        if here:
            written = " ".join(words[place : place + length])
            found.setdefault(here.plainer, Expression(written, here.plainer))
        place += length
    return list(found.values())


def _stands(listed: _Listed, words: list[str]) -> bool:
    return len(words) == len(listed.words) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(listed.words, words, strict=True)
    )


@lru_cache(maxsize=2)
def _listed(language: Language) -> dict[str, list[_Listed]]:
    """Return the expressions by how their first word begins, the longest first."""
    text = (
        resources.files("brygga.language").joinpath(f"officialese_{language}.tsv").read_text(encoding="utf-8")
    )
    listed: dict[str, list[_Listed]] = {}
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        forms, plainer = line.split("\t")
        for form in forms.split("|"):
            words = tuple(form.split())
            listed.setdefault(words[0][:_FIRST].removesuffix("*"), []).append(_Listed(words, plainer))
    for some in listed.values():
        some.sort(key=lambda one: -len(one.words))
    return listed

"""What the compounds of a text are kinds of, kept beside it so that a search for "arbetslöshet" finds
"ungdomsarbetslöshet".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from brygga.language import stem, words_of
from brygga.language.spelling import SHORTEST_HEAD, word_reader

__all__ = ["SHORTEST_HEAD", "HeadsField", "head_of_query", "heads_in"]


def heads_in(texts: Iterable[str]) -> list[str]:
    """Return the stems of the heads of all Swedish compounds in some texts, each once, in order."""
    reader = word_reader()
    words = {word for text in texts for word in words_of(text)}
    return sorted({head for word in words for head in reader.heads(word)})


def head_of_query(word: str) -> str:
    """Return what a searched word is called among heads."""
    return stem(word.lower(), "sv")


class HeadsField(ArrayField[Any, Any]):
    """The heads of the compounds in other fields of the row, made anew whenever the row is written with them.

    Whoever writes some fields only names this one too; `update` does not reach it.
    """

    def __init__(self, of: Sequence[str] = (), **options: Any) -> None:
        self.of = tuple(of)
        options.setdefault("base_field", models.CharField(max_length=60))
        options.setdefault("default", list)
        super().__init__(**{"blank": True, "editable": False, **options})

    def deconstruct(self) -> Any:
        name, path, arguments, options = super().deconstruct()
        return name, path, arguments, {**options, "of": list(self.of)}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = heads_in(getattr(model_instance, name) for name in self.of)
        setattr(model_instance, self.attname, value)
        return value

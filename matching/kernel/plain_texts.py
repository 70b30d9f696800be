"""Plain texts, as others may give them, made into documents."""

from __future__ import annotations

from collections.abc import Sequence

from brygga.language import detect_language
from matching.kernel.terms import TextDocument


def as_documents(texts: Sequence[TextDocument | str], language: str | None) -> tuple[TextDocument, ...]:
    """Return texts as documents; a plain one whose language does not show is taken to be in `language`."""
    if isinstance(texts, str):
        raise TypeError("pass a list of texts, not one text")
    documents = []
    for place, text in enumerate(texts):
        if isinstance(text, str):
            text = TextDocument(body=text, language=detect_language(text, default=language))
        elif not isinstance(text, TextDocument):
            raise TypeError(f'text {place} is {type(text).__name__}; pass "" where there is none')
        documents.append(text)
    return tuple(documents)


def most_common_language(texts: Sequence[TextDocument | str]) -> str | None:
    """Return the language that most plain texts show, None when none does."""
    shown = [detect_language(text) for text in texts if isinstance(text, str)]
    swedish, english = shown.count("sv"), shown.count("en")
    if not swedish and not english:
        return None
    return "sv" if swedish >= english else "en"

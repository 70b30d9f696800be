"""How hard a text is to read."""

import re

from brygga.language.tokens import tokenise, words_of

_SENTENCE_END = re.compile(r"[.!?:]+(?=\s|$)|\n{2,}|\n\s*[-•*]\s")


def lix(text: str) -> float:
    """Return LIX, the Swedish readability index: words per sentence + percentage of long words.

    A long word has more than six letters. Under 30 is easy, 40 is ordinary prose, over 60 is
    officialese. An empty text gives 0.

    Source: Björnsson, C.-H. (1968). Läsbarhet. Stockholm: Liber.

    Examples
    --------
    >>> lix("Vi bor här. Du bor där.")
    3.0
    """
    words = [token.word for token in tokenise(text)]
    if not words:
        return 0.0
    sentences = sum(1 for part in _SENTENCE_END.split(text) if any(letter.isalnum() for letter in part))
    long_words = sum(1 for word in words if len(word) > 6)
    return len(words) / max(sentences, 1) + 100.0 * long_words / len(words)


def long_sentences(text: str, *, most_words: int) -> list[tuple[str, int]]:
    """Return the sentences with more words than `most_words`, and how many they have, in order.

    Examples
    --------
    >>> long_sentences("Vi bor här. Du bor där borta.", most_words=3)
    [('Du bor där borta', 4)]
    """
    counted = [(part.strip(), len(words_of(part))) for part in _SENTENCE_END.split(text)]
    return [(sentence, number) for sentence, number in counted if number > most_words]

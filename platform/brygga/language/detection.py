"""Which of our two languages a text is in: enough for texts of a sentence or more."""

from brygga.language.tokens import tokenise

# The commonest words that exist in one of the languages only ("i", "till" and "under" are in both).
_SWEDISH_SIGNS = frozenset(
    "och att det som en ett av för är på med den inte till om vi de har kan så ska eller från men "
    "vill ni du jag när hos mot alla unga hur där också utan genom barn ger".split()
)
_ENGLISH_SIGNS = frozenset(
    "the and of to a is that it for with as on are this be by have from or an we you not which their "
    "our can will who how has its they people young at want help".split()
)


def detect_language(text: str, default: str | None = None) -> str | None:
    """Return `sv`, `en`, or `default` when the text gives no clear sign of either.

    Short texts should take the language of the collection they stand in: pass it as `default`.

    Examples
    --------
    >>> detect_language("Vi vill att unga ska få ett jobb"), detect_language("We want jobs for the young")
    ('sv', 'en')
    >>> detect_language("Brygga") is None
    True
    """
    swedish = english = 0
    for token in tokenise(text):
        if token.word in _SWEDISH_SIGNS:
            swedish += 1
        if token.word in _ENGLISH_SIGNS:
            english += 1
        # English borrows none of these letters; one such word is worth a sign of its own.
        if any(letter in "åäö" for letter in token.word):
            swedish += 1
    if swedish == english:
        return default
    return "sv" if swedish > english else "en"

"""Did you mean …? Words that stand in titles, near to those that found nothing.

The search itself mends one slip in a word that the lexicon knows. Here a word may lie further away, and
the words are those that people have written; so it is only asked, never done.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import QuerySet

from brygga.language import is_stop_word
from brygga.language.spelling import word_reader

# Of a word that is looked for, so large a share of its three-letter pieces shall stand in a title.
_IN_TITLE = "0.35"
# And so alike the word there shall be: from 0, nothing alike, to 1.
_ALIKE = 0.6
_MOST_TITLES = 30
_BAR, _USUAL = "pg_trgm.word_similarity_threshold", "0.6"
_SHORTEST = 4
_WORD = re.compile(r"[^\W_]+")


def nearest_text(profiles: QuerySet[Any], text: str) -> str:
    """Return the text with each word that is found nowhere changed for the nearest one; "" when none is near.

    One query for the longest word that nobody knows; the others stand as they are, or as the lexicon
    mends them.
    """
    words = _WORD.findall(text)
    reader = word_reader()
    mended = {word: reader.meant(word.lower()) for word in words if len(word) >= _SHORTEST and word.isalpha()}
    unknown = [word for word, meant in mended.items() if not meant and not _is_stop_word(word)]
    if unknown:
        longest = max(unknown, key=len)
        near = _nearest_in_titles(profiles, longest.lower())
        if not near:
            # What nobody writes is left out: the other words may be enough.
            words = [word for word in words if word != longest]
        mended[longest] = near
    changed = [meant if (meant := mended.get(word)) and meant != word.lower() else word for word in words]
    suggested = " ".join(changed)
    return suggested if suggested and suggested.lower() != text.lower() else ""


def _nearest_in_titles(profiles: QuerySet[Any], word: str) -> str:
    # The index is asked with a lower bar than usual; outside this block it is as before.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT current_setting('{_BAR}', true), set_config('{_BAR}', %s, true)", [_IN_TITLE])
        usual, _ = cursor.fetchone() or (None, None)
        titles = list(
            profiles.filter(title__trigram_word_similar=word)
            .order_by()
            .annotate(alike=TrigramWordSimilarity(word, "title"))
            .order_by("-alike", "pk")
            .values_list("title", flat=True)[:_MOST_TITLES]
        )
        cursor.execute(f"SELECT set_config('{_BAR}', %s, true)", [usual or _USUAL])
    candidates = {one.lower() for title in titles for one in _WORD.findall(title) if len(one) >= _SHORTEST}
    scored = [(SequenceMatcher(None, word, one).ratio(), one) for one in sorted(candidates)]
    best, found = max(scored, default=(0.0, ""))
    return found if best >= _ALIKE and found != word else ""


def _is_stop_word(word: str) -> bool:
    return is_stop_word(word.lower(), "sv") or is_stop_word(word.lower(), "en")

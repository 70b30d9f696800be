"""The bilingual lexicon of the field, free for others too: its files and their reading."""

from brygga.language.lexicon.groups import (
    MAX_PHRASE,
    Lexicon,
    TermGroup,
    lexicon_files,
    load_lexicon,
    parse_lexicon,
    read_groups,
)

__all__ = [
    "MAX_PHRASE",
    "Lexicon",
    "TermGroup",
    "lexicon_files",
    "load_lexicon",
    "parse_lexicon",
    "read_groups",
]

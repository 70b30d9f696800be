"""Words: tokens, stems, compounds, a bilingual lexicon and its cover, readability, officialese, contact details.

Pure Python and PyStemmer. Nothing here knows Django or any of our own packages, so the
matching kernel, the search and the forms can all stand on it.
"""

from brygga.language.compounds import CompoundTable, learn_compounds
from brygga.language.contact_details import ContactDetail, MaskedText, mask_contact_details
from brygga.language.covering import Coverage, coverage
from brygga.language.detection import detect_language
from brygga.language.general import is_general_word
from brygga.language.lexicon import Lexicon, TermGroup, load_lexicon
from brygga.language.officialese import Expression, officialese
from brygga.language.readability import lix, long_sentences
from brygga.language.stems import stem
from brygga.language.tokens import Token, is_stop_word, normalise_name, tokenise, words_of

__all__ = [
    "CompoundTable",
    "ContactDetail",
    "Coverage",
    "Expression",
    "Lexicon",
    "MaskedText",
    "TermGroup",
    "Token",
    "coverage",
    "detect_language",
    "is_general_word",
    "is_stop_word",
    "learn_compounds",
    "lix",
    "load_lexicon",
    "long_sentences",
    "mask_contact_details",
    "normalise_name",
    "officialese",
    "stem",
    "tokenise",
    "words_of",
]

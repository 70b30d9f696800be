"""Words of welfare: pairs that must meet across languages, and common words that must lead nowhere."""

import pytest

from brygga.language import load_lexicon, stem, tokenise


def _found(text: str, language: str) -> set[str]:
    stems = [stem(token.word, language) for token in tokenise(text)]
    return {concept for _, _, concepts in load_lexicon().find(stems, language) for concept in concepts}


@pytest.mark.parametrize(
    ("swedish", "english"),
    [
        ("hemtjänsten i kommunen", "home help for older people"),
        ("ett äldreboende", "two care homes"),
        ("personliga assistenter", "personal assistance"),
        ("anhörigvårdare behöver avlösning", "respite for unpaid carers"),
        ("unga omsorgsgivare", "young carers"),
        ("problematisk skolfrånvaro", "school refusal"),
        ("vården av barn i familjehemmet, fosterbarn", "a foster child"),
        ("orosanmälningar", "a report of concern"),
        ("lovaktiviteter för alla", "summer holiday activities"),
        ("simskola och simkunnighet", "learn to swim"),
        ("kultur på recept", "social prescribing"),
        ("våldtäktsoffer", "rape survivors"),
        ("ekonomiskt våld", "economic abuse"),
        ("tolvstegsprogram", "alcoholics anonymous"),
        ("ätstörningar", "eating disorders"),
        ("ungdomsmottagningen", "youth clinic"),
        ("nattfotboll", "midnight football"),
        ("lättläst information", "easy read"),
        ("gode män", "legal guardian"),
        ("läxhjälp och studiehjälp", "tuition and homework help"),
    ],
)
def test_swedish_and_english_words_of_welfare_meet(swedish: str, english: str) -> None:
    assert _found(swedish, "sv") & _found(english, "en")


@pytest.mark.parametrize(
    ("text", "language", "concept"),
    [
        ("for all ages", "en", "ageing"),
        ("in this section", "en", "coercive-care"),
        ("works well", "en", "health"),
        ("a related matter", "en", "relatives"),
        ("a stable home", "en", "riding"),
        ("running a shop", "en", "running"),
        ("de som behöver det", "sv", "individual-grants"),
        ("en farlig plats", "sv", "fathers"),
        ("målet är tydligt", "sv", "painter"),
        ("ta reda på faktum", "sv", "street-paper"),
        ("bara en gång", "sv", "pub"),
    ],
)
def test_common_words_do_not_lead_to_groups_they_do_not_speak_of(
    text: str, language: str, concept: str
) -> None:
    assert any(group.concept == concept for group in load_lexicon().groups)
    assert concept not in _found(text, language)

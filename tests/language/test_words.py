"""Tokens, stems, detection, compounds, readability and names."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brygga.language import (
    detect_language,
    is_general_word,
    learn_compounds,
    lix,
    normalise_name,
    stem,
    tokenise,
)
from brygga.language.tokens import words_of

VOCABULARY = (
    "ungdom ungdomar arbetslöshet integration projekt skola skolan lunch hälsa vård kyrka gata barn familj "
    "förening bygd gård mat svinn språk lands landsbygd bostad område kommun".split()
)


def test_tokenise_gives_words_where_they_stand():
    text = "E-hälsa för 70-åringar, nu!"
    assert [(token.word, text[token.start : token.end]) for token in tokenise(text)] == [
        ("e-hälsa", "E-hälsa"),
        ("för", "för"),
        ("70-åringar", "70-åringar"),
        ("nu", "nu"),
    ]


def test_tokenise_reads_composed_and_decomposed_letters_alike():
    assert tokenise(unicodedata.normalize("NFD", "Åsö")) == tokenise("Åsö")


def test_letters_printed_as_one_are_read_as_two_and_keep_their_place():
    text = "Fler oﬃce och ﬂyktingar får trygg ﬁnansiering"
    tokens = tokenise(text)
    assert [token.word for token in tokens] == words_of(text)
    assert [token.word for token in tokens] == [
        "fler", "office", "och", "flyktingar", "får", "trygg", "finansiering"
    ]  # fmt: skip
    assert text[tokens[-1].start : tokens[-1].end] == "ﬁnansiering"


@given(st.text(max_size=60))
def test_tokens_are_in_order_and_in_lower_case(text):
    tokens = tokenise(text)
    assert all(token.word == token.word.lower() for token in tokens)
    assert all(first.end <= second.start for first, second in pairwise(tokens))


@given(st.text(max_size=60))
def test_normalise_name_is_stable(text):
    once = normalise_name(text)
    assert normalise_name(once) == once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Västra Götalands län", "VÄSTRA  GÖTALANDS LÄN"),
        ("Upplands-Väsby", "Upplands Väsby"),
        ("Malå\u00a0kommun", "malå kommun."),
        (unicodedata.normalize("NFD", "Åmål"), "åmål"),
    ],
)
def test_normalise_name_meets_other_spellings(one, other):
    assert normalise_name(one) == normalise_name(other)


def test_normalise_name_keeps_swedish_letters_apart():
    assert normalise_name("Malå") != normalise_name("Mala")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (("förening", "föreningar", "föreningarna"), "sv"),
        (("association", "associations"), "en"),
        (("youth's", "youth"), "en"),
    ],
)
def test_stem_meets_inflections(words, language):
    assert len({stem(word, language) for word in words}) == 1


def test_stem_refuses_other_languages():
    with pytest.raises(ValueError, match="'fi'"):
        stem("yhdistys", "fi")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vi vill att fler unga ska komma i arbete.", "sv"),
        ("We want more young people to find a job.", "en"),
        ("Äldreboende", "sv"),
        ("", None),
        ("Brygga 2024", None),
    ],
)
def test_detect_language(text, expected):
    assert detect_language(text) == expected


def test_detect_language_of_a_short_text_is_that_of_its_collection():
    assert detect_language("Brygga", default="en") == "en"


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("integrationsprojekt", ("integration", "projek")),
        ("ungdomsarbetslöshet", ("ungdom", "arbetslös")),
        ("skollunch", ("skol", "lunch")),
        ("hälsovård", ("häls", "vård")),
        ("barnfamiljer", ("barn", "familj")),
        ("bostadsområden", ("bost", "områd")),
        ("bygdegården", ("bygd", "gård")),
        ("integration", ()),
        ("föreningarna", ()),
        ("kommunen", ()),
        ("xyzabcdef", ()),
        ("it-projekt", ()),
        ("mat-svinn", ("mat", "svinn")),
    ],
)
def test_compound_parts(word, parts):
    assert learn_compounds(VOCABULARY).parts(word) == parts


def test_compounds_do_not_depend_on_the_order_of_words():
    assert learn_compounds(VOCABULARY) == learn_compounds(list(reversed(VOCABULARY)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0.0),
        ("Vi bor här. Du bor där.", 3.0),
        ("En mycket komplicerad mening innehåller flera svårlästa sammansättningar.", 8 + 100 * 4 / 8),
        ("Ett. Två. Tre.", 1.0),
    ],
)
def test_lix(text, expected):
    assert lix(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("words", "language", "general"),
    [
        (
            "samtidigt hälften börjar börjat plats hör ner fortsätta verktyg människor åren och",
            "sv",
            True,
        ),
        ("garage värme forskare ungdomar skola natur droger fattigdom kost hälsa lokal", "sv", False),
        ("places things halves began beginning suddenly years people the", "en", True),
        ("garage heat researchers minorities arts building accessibility rights work", "en", False),
    ],
)
def test_general_words_say_nothing_of_the_subject(words, language, general):
    assert {word for word in words.split() if is_general_word(word, language) != general} == set()


@pytest.mark.parametrize(
    ("word", "part", "written"),
    [
        ("ungdomsarbetslöshet", "ungdom", "ungdom"),
        ("ungdomsarbetslöshet", "arbetslös", "arbetslöshet"),
        ("hälsovård", "häls", "hälsa"),
        ("mat-svinn", "svinn", "svinn"),
        ("hälsovård", "skol", ""),
        ("kommunen", "kommun", ""),
    ],
)
def test_a_part_of_a_compound_is_written_as_a_word(word, part, written):
    assert learn_compounds(VOCABULARY).written_part(word, part) == written


@pytest.mark.parametrize(
    "forms",
    [
        "barn barnet barnets barnen",
        "skola skolan skolans skolor",
        "förskola förskolan",
        "kvinna kvinnan kvinnor",
        "ekonomi ekonomin ekonomins",
        "terapi terapin",
        "miljö miljön miljöns miljöer",
        "idé idén idéer",
        "boende boendet",
        "nyckel nyckeln",
        "regel regeln",
        "paket paketet paketen",
        "rum rummet rummen",
        "medlem medlemmar medlemmarna",
        "vän vänner",
        "samverkan samverka",
        "ambulans ambulansen ambulanser",
        "balans balansen",
        "klimat klimatet",
        "plats platser platsen",
        "marknad marknaden marknader",
        "hållbar hållbara hållbarhet",
        "medicin mediciner",
        "termin terminen terminer",
        "blankett blanketter blanketterna",
    ],
)
def test_forms_of_a_swedish_word_have_one_stem(forms):
    assert len({stem(form, "sv") for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "words",
    [
        "intern internet",
        "server servett",
        "rom roman",
        "gran granne",
        "fin finans",
    ],
)
def test_different_swedish_words_keep_different_stems(words):
    assert len({stem(word, "sv") for word in words.split()}) == 2


@pytest.mark.parametrize("text", ["Children's rights: e-hälsa, 13–19 år", "A\u030aker i  Åre", "", "–"])
def test_words_without_places_are_those_of_the_tokens(text):
    assert words_of(text) == [token.word for token in tokenise(text)]


@pytest.mark.parametrize(
    "word", ["rekrytering", "rekryteringen", "planeringen", "deltagandet", "aktiviteter"]
)
def test_an_ending_is_no_part_of_a_compound(word):
    vocabulary = "rekryter ring ringar ingen plan deltagare andas and aktie vit vita".split()
    assert learn_compounds(vocabulary).parts(word) == ()


def test_a_ring_after_another_letter_is_a_part():
    assert learn_compounds("telefon ring ringar".split()).parts("telefonring") == ("telefon", "ring")

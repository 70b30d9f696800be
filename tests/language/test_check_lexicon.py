"""The project's lexicon keeps its own rules, and each rule is seen when it is broken."""

import pytest

from brygga.language import lexicon as lexicon_package
from brygga.language.check_lexicon import check_files, read_ambiguous_words

HEADER = "concept,sv,en\n"


def test_the_lexicon_keeps_its_rules():
    assert check_files(lexicon_package.lexicon_files(), read_ambiguous_words()) == []


def test_a_good_file_has_no_problems():
    text = HEADER + "unemployed,arbetslös|utan jobb,unemployed|out of work\nhealth,hälsa,health\n"
    assert check_files({"work": text}) == []


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("Work,arbete,job\n", "the code is letters"),
        ("work,arbete,job\nwork,jobb,labour\n", "the code is used twice"),
        ("work,arbete,job\njob,syssla,job\n", "en: the same word to the stemmer: job"),
        ("work,arbete,job\njob,arbeten,labour\n", "sv: the same word to the stemmer: arbete"),
        ("work,arbete|arbeten,job\n", "'arbeten' is only another form of 'arbete'"),
        ("work,,job\n", "must all be given"),
        ("work,arbete,job,labour\n", "no more"),
        ("work,ett arbete man har fått,job\n", "has no word, or more than 4"),
        ("work,Arbete,job\n", "lower case letters"),
        ("work,arbete  idag,job\n", "lower case letters"),
        ("work,arbete,jöb\n", "lower case letters"),
        ("work,arbe\u0301te,job\n", "lower case letters"),
        ("place,plats,place\n", "only words that say nothing"),
    ],
)
def test_each_broken_rule_is_told(rows, problem):
    found = check_files({"work": HEADER + rows})
    assert any(problem in line for line in found), found


def test_a_rule_is_told_across_files():
    files = {"work": HEADER + "work,arbete,job\n", "life": HEADER + "chore,syssla,job\n"}
    (problem,) = check_files(files)
    assert "work: work" in problem and "life: chore" in problem


def test_another_header_is_told():
    assert check_files({"work": "concept,field,sv,en\n"}) == ["work: the first line is not concept,sv,en"]


def test_an_ambiguous_word_is_allowed_only_while_it_is_one():
    two = HEADER + "work,arbete,job\nchore,syssla,job\n"
    assert check_files({"work": two}, "# meant\nen jobs # work, and a chore\n") == []
    (problem,) = check_files({"work": HEADER + "work,arbete,job\n"}, "en job\n")
    assert "take the line away" in problem

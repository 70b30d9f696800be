"""Checks the files of the lexicon and counts their groups: `python -m brygga.language.check_lexicon`.

`lexicon/ambiguous.txt` names the words that lead to several groups on purpose, or meet another group's
word only because the stemmer makes them alike: one a line, `sv` or `en` and then the word.
"""

import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from importlib import resources

from brygga.language.general import is_general_word
from brygga.language.lexicon import MAX_PHRASE, TermGroup, lexicon_files, read_groups
from brygga.language.stems import stem
from brygga.language.tokens import tokenise

_CODE = re.compile(r"[a-z]+(-[a-z]+)*")
_FIELD = re.compile(r"[a-z]+(-[a-z]+)*")
_WRITTEN = {
    "sv": re.compile(r"[a-zåäöéáü0-9]+(?:[ '-][a-zåäöéáü0-9]+|- [a-zåäöéáü0-9]+)*"),
    "en": re.compile(r"[a-zéá0-9]+(?:(?:'? |['-])[a-zéá0-9]+)*"),
}


def check_files(files: Mapping[str, str], ambiguous: str = "") -> list[str]:
    """Return what is wrong with the files of a lexicon, field -> text; an empty list when all is well."""
    problems: list[str] = []
    groups: list[TermGroup] = []
    for part, text in files.items():
        if not _FIELD.fullmatch(part):
            problems.append(f"{part}: the name of a file is letters a-z and hyphens")
        if text.split("\n", 1)[0].strip() != "concept,sv,en":
            problems.append(f"{part}: the first line is not concept,sv,en")
            continue
        try:
            groups += read_groups(text, part)
        except ValueError as problem:
            problems.append(str(problem))
    for code, count in Counter(group.concept for group in groups).items():
        if count > 1:
            places = ", ".join(group.field for group in groups if group.concept == code)
            problems.append(f"{code}: the code is used twice ({places})")
    for group in groups:
        problems += [f"{group.field}: {group.concept}: {problem}" for problem in _check_group(group)]
    return problems + _check_meanings(groups, _read_ambiguous(ambiguous))


def _check_group(group: TermGroup) -> Iterable[str]:
    if not _CODE.fullmatch(group.concept):
        yield "the code is letters a-z and hyphens"
    words: list[tuple[str, str]] = []
    for language, terms in (("sv", group.swedish), ("en", group.english)):
        seen: dict[tuple[str, ...], str] = {}
        for term in terms:
            key = _key(term, language)
            words += [(token.word, language) for token in tokenise(term)]
            if term != unicodedata.normalize("NFC", term) or not _WRITTEN[language].fullmatch(term):
                yield f"{term!r}: lower case letters of the language, digits, single spaces and hyphens only"
            elif not 0 < len(key) <= MAX_PHRASE:
                yield f"{term!r} has no word, or more than {MAX_PHRASE}"
            elif key in seen:
                yield f"{term!r} is only another form of {seen[key]!r}, which the stemmer finds"
            seen.setdefault(key, term)
    if all(is_general_word(word, language) for word, language in words):
        yield "only words that say nothing of the field"


def _check_meanings(groups: Iterable[TermGroup], allowed: set[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Find words that lead to several groups, and lines of the list of ambiguous words that no longer do."""
    meanings: dict[tuple[str, tuple[str, ...]], dict[str, str]] = defaultdict(dict)
    for group in groups:
        for language, terms in (("sv", group.swedish), ("en", group.english)):
            for term in terms:
                meanings[language, _key(term, language)].setdefault(
                    group.concept, f"{term} ({group.field}: {group.concept})"
                )
    problems = [
        f"{place[0]}: the same word to the stemmer: {' / '.join(found.values())}"
        for place, found in meanings.items()
        if len(found) > 1 and place not in allowed
    ]
    problems += [
        f"ambiguous.txt: {language} {' '.join(key)} leads to one group or none: take the line away"
        for language, key in sorted(allowed)
        if len(meanings.get((language, key), ())) < 2
    ]
    return problems


def _key(term: str, language: str) -> tuple[str, ...]:
    return tuple(stem(token.word, language) for token in tokenise(term))


def _read_ambiguous(text: str) -> set[tuple[str, tuple[str, ...]]]:
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    pairs = (line.split(None, 1) for line in lines if line)
    return {(language, _key(term, language)) for language, term in pairs}


def read_ambiguous_words() -> str:
    """Return the text of the project's list of words that lead to several groups on purpose."""
    return resources.files("brygga.language.lexicon").joinpath("ambiguous.txt").read_text(encoding="utf-8")


def main() -> int:
    """Check the project's lexicon; say what is wrong, or how many groups each field has."""
    files = lexicon_files()
    problems = check_files(files, read_ambiguous_words())
    for problem in problems:
        sys.stderr.write(f"{problem}\n")
    if problems:
        sys.stderr.write(f"{len(problems)} problems\n")
        return 1
    total = 0
    for part, text in files.items():
        count = len(read_groups(text, part))
        total += count
        sys.stdout.write(f"{count:6} {part}\n")
    sys.stdout.write(f"{total:6} groups\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Merging the translators' files."""

import gettext
import os
from pathlib import Path

import pytest

from brygga.devservices.messages import MessagesProblem, compile_messages

HEADER = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    return folder


def write(folder: Path, name: str, *entries: str) -> Path:
    path = folder / f"{name}.po"
    path.write_text(HEADER + "\n\n".join(entries) + "\n")
    return path


def entry(english: str, swedish: str) -> str:
    return f'msgid "{english}"\nmsgstr "{swedish}"'


def translations(folder: Path) -> gettext.GNUTranslations:
    with (folder / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def test_all_files_of_a_language_become_one(folder: Path) -> None:
    write(folder, "first", entry("Bridge", "Bro"))
    write(
        folder,
        "second",
        'msgctxt "verb"\nmsgid "Bridge"\nmsgstr "Överbrygga"',
        'msgid "%(n)s offer"\nmsgid_plural "%(n)s offers"\nmsgstr[0] "%(n)s erbjudande"\nmsgstr[1] "%(n)s olika"',
    )
    assert compile_messages(folder.parents[1]) == ["sv: 3 messages from 2 files"]
    found = translations(folder)
    assert found.gettext("Bridge") == "Bro"
    assert found.pgettext("verb", "Bridge") == "Överbrygga"
    assert found.ngettext("%(n)s offer", "%(n)s offers", 2) == "%(n)s olika"


def test_nothing_is_written_when_nothing_has_changed(folder: Path) -> None:
    write(folder, "first", entry("Bridge", "Bro"))
    compile_messages(folder.parents[1])
    assert compile_messages(folder.parents[1]) == []


def test_a_changed_file_is_seen(folder: Path) -> None:
    path = write(folder, "first", entry("Bridge", "Bro"))
    compile_messages(folder.parents[1])
    write(folder, "first", entry("Bridge", "Brygga"))
    later = (folder / "django.mo").stat().st_mtime + 1
    os.utime(path, (later, later))
    compile_messages(folder.parents[1])
    assert translations(folder).gettext("Bridge") == "Brygga"


def test_a_removed_file_is_seen(folder: Path) -> None:
    write(folder, "first", entry("Bridge", "Bro"))
    second = write(folder, "second", entry("Jetty", "Brygga"))
    compile_messages(folder.parents[1])
    past = folder.stat().st_mtime - 10
    os.utime(folder / "django.mo", (past, past))
    os.utime(folder / "first.po", (past - 10, past - 10))
    second.unlink()
    compile_messages(folder.parents[1])
    assert translations(folder).gettext("Jetty") == "Jetty"


def test_unfinished_translations_are_left_out(folder: Path) -> None:
    write(folder, "first", entry("Bridge", ""), "#, fuzzy\n" + entry("Jetty", "Kanske"))
    compile_messages(folder.parents[1])
    assert translations(folder).gettext("Bridge") == "Bridge"
    assert translations(folder).gettext("Jetty") == "Jetty"


def test_two_translations_of_one_text_are_told_and_when_strict_refused(folder: Path) -> None:
    write(folder, "first", entry("Bridge", "Bro"))
    write(folder, "second", entry("Bridge", "Brygga"))
    told = "'Bridge': 'Bro' in first.po, 'Brygga' in second.po"
    assert compile_messages(folder.parents[1]) == [told, "sv: 1 messages from 2 files"]
    assert translations(folder).gettext("Bridge") == "Bro"
    with pytest.raises(MessagesProblem, match=told):
        compile_messages(folder.parents[1], strict=True)


def test_a_broken_file_is_named(folder: Path) -> None:
    (folder / "broken.po").write_text('msgid "a"\nmsgstr "b"\nthis is not a line of a catalogue\n')
    with pytest.raises(MessagesProblem, match=r"broken\.po"):
        compile_messages(folder.parents[1])

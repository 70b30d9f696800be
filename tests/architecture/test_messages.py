"""Every text has its Swedish, every Swedish text is used, and it is easy to read.

What Django and its add-ons translate themselves need not stand in our catalogues, but it may: there we
say a thing our own way.
"""

from __future__ import annotations

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.utils.translation.template import templatize

from brygga.language import lix, officialese

ROOT = Path(__file__).resolve().parents[2]
CODE = ("platform", "innovators", "funders", "matching", "intermediaries")
CATALOGUES = sorted((ROOT / "locale" / "sv" / "LC_MESSAGES").glob("*.po"))
#: Names of the functions, and whether their first argument is a context.
MARKERS = {"_": False} | {
    f"{before}gettext{after}": "p" in before
    for before in ("", "n", "p", "np")
    for after in ("", "_lazy", "_noop")
}
LONGEST_LIX = 40

#: Context (or none) and the English text, in the singular.
Key = tuple[str | None, str]

_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(\s*({_LITERAL})(?:\s*,\s*({_LITERAL}))?")
_ADDRESS = re.compile(r"^[^\s.]+/$|^[^\s]+\.txt$|<(?:slug|str|int):")
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w[^>]*>")


@cache
def used() -> dict[Key, str]:
    """Return every text marked for translation, with a place where it stands."""
    found: dict[Key, str] = {}
    for path in sorted(path for part in CODE for path in (ROOT / part).rglob("*.py")):
        for key in _in_python(path):
            found.setdefault(key, str(path.relative_to(ROOT)))
    for path in sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file()):
        for key in _in_template(path):
            found.setdefault(key, str(path.relative_to(ROOT)))
    return found


def _in_python(path: Path) -> Iterator[Key]:
    # The syntax tree, not the tokens: calls inside f-strings are found too.
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in MARKERS:
            continue
        # A variable gives nothing here: its text is marked where it is written.
        texts = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
        key = tuple(texts[:2]) if MARKERS[name] else (None, *texts[:1])
        if len(key) == 2 and isinstance(key[1], str) and (isinstance(key[0], str) or not MARKERS[name]):
            yield key


def _in_template(path: Path) -> Iterator[Key]:
    for function, first, second in _IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
        texts = [ast.literal_eval(literal) for literal in (first, second) if literal]
        yield (texts[0], texts[1]) if MARKERS[function] else (None, texts[0])


@cache
def ours() -> dict[Key, tuple[str, str]]:
    """Return our Swedish (forms of the plural on lines of their own) and the catalogue it stands in."""
    found: dict[Key, tuple[str, str]] = {}
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file, locale="sv"):
                if not message.id:
                    continue
                english = message.id if isinstance(message.id, str) else message.id[0]
                swedish = [message.string] if isinstance(message.string, str) else list(message.string)
                if all(swedish) and not message.fuzzy:
                    found[message.context, english] = ("\n".join(swedish), path.name)
    return found


@cache
def provided() -> frozenset[Key]:
    """Return what Django and the installed add-ons have in Swedish."""
    folders = [Path(django.__file__).parent / "conf" / "locale"]
    folders += [Path(config.path) / "locale" for config in apps.get_app_configs()]
    found: set[Key] = set()
    for path in (folder / "sv" / "LC_MESSAGES" / "django.mo" for folder in folders):
        if not path.exists() or path.is_relative_to(ROOT / "locale"):
            continue
        with path.open("rb") as file:
            for entry in gettext.GNUTranslations(file)._catalog:  # type: ignore[attr-defined]  # the only way to list it
                text = entry[0] if isinstance(entry, tuple) else entry
                context, separator, english = text.partition("\x04")
                found.add((context, english) if separator else (None, text))
    return frozenset(found)


def test_every_text_has_its_swedish() -> None:
    translated = ours().keys() | provided()
    missing = [f"{place}: {key}" for key, place in used().items() if key not in translated]
    assert missing == []


def test_every_swedish_text_is_used() -> None:
    needed = used().keys() | provided()
    unused = [f"{name}: {key}" for key, (_, name) in ours().items() if key not in needed]
    assert unused == []


def test_swedish_asks_for_nothing_that_the_english_lacks() -> None:
    named = re.compile(r"%\(\w+\)[sd]|\{\w+\}|<(?:slug|str|int):\w+>")
    wrong = [
        f"{name}: {english}"
        for (_, english), (swedish, name) in ours().items()
        # The plural has what the singular may say in words.
        if not set(named.findall(swedish.partition("\n")[0])) <= set(named.findall(english))
        and "\n" not in swedish
    ]
    assert wrong == []


@pytest.mark.parametrize("catalogue", [path.name for path in CATALOGUES])
def test_swedish_is_easy_to_read(catalogue: str) -> None:
    """Sentences are measured: a heading of one long word says nothing about how a text reads."""
    sentences = [
        line
        for (_, english), (swedish, name) in ours().items()
        for line in [_PLACEHOLDER.sub("x", swedish.partition("\n")[0])]
        if name == catalogue and not _ADDRESS.search(english) and line.rstrip("”").endswith((".", "?", "!"))
    ]
    measured = lix(" ".join(sentences))
    assert measured <= LONGEST_LIX, f"{catalogue}: LIX {measured:.1f}"


def test_neither_language_holds_officialese() -> None:
    """What we advise others not to write."""
    found = [
        f"{name}: {one.written}: {text}"
        for (_, english), (swedish, name) in ours().items()
        for text, language in ((swedish, "sv"), (english, "en"))
        for one in officialese(text, language)  # type: ignore[arg-type]  # one of the two
    ]
    assert found == []


def test_a_text_in_a_template_is_found(tmp_path: Path) -> None:
    template = tmp_path / "page.html"
    template.write_text(
        "{% load i18n %}{% translate 'It’s' as x %}{% translate \"May\" context 'month' %}"
        "{% blocktranslate count n=n trimmed %}\n  One\n  thing\n{% plural %}Things{% endblocktranslate %}"
        '{% include "x.html" with label=_("Label") %}{# {% translate "No" %} #}',
        encoding="utf-8",
    )
    assert list(_in_template(template)) == [
        (None, "It’s"),
        ("month", "May"),
        (None, "One thing"),
        (None, "Label"),
    ]


def test_a_text_in_python_is_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        'a = _("One "\n "text")\nb = pgettext_lazy("month", "May")\nc = ngettext("day", "days", n)\n'
        "d = gettext(variable)\ne = f'{gettext(\"Inside\")}'\n",
        encoding="utf-8",
    )
    assert list(_in_python(module)) == [
        (None, "One text"),
        ("month", "May"),
        (None, "day"),
        (None, "Inside"),
    ]

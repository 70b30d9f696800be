"""All questions as a document to write in: OpenDocument text, which every word processor opens.

The format is a zip file with a few XML files in it, so the standard library is enough.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import get_language, gettext

from brygga.organisations.registration.questions import Question, QuestionList

ODT = "application/vnd.oasis.opendocument.text"
# Room for an answer that has not been given.
EMPTY_LINES = 3
# The same questions and answers make the same file, whenever it is made.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
# Characters that XML forbids, however they came into a text.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAMESPACES = " ".join(
    f'xmlns:{name}="{address}"'
    for name, address in {
        "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
        "dc": "http://purl.org/dc/elements/1.1/",
        "manifest": "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    }.items()
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def questions_as_document(questions: QuestionList, title: str, profile: Any | None = None) -> bytes:
    """Return every question as an .odt file, with the answers so far when there is a profile.

    What is masked for others stands as the owner wrote it: the file is for the profile's own people.
    """
    body = [_heading(title, 1)]
    number = 0
    for group in questions.groups:
        body.append(_heading(str(group.title), 2))
        for question in group.questions:
            number += 1
            body += _question(number, question, profile)
    content = (
        f'{_HEAD}<office:document-content {_NAMESPACES} office:version="1.3">'
        f"<office:body><office:text>{''.join(body)}</office:text></office:body></office:document-content>"
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as document:
        # First and unpacked, so that a program knows the file by its beginning.
        _add(document, "mimetype", ODT, zipfile.ZIP_STORED)
        _add(document, "content.xml", content)
        _add(document, "styles.xml", _styles())
        _add(document, "meta.xml", _meta(title))
        _add(document, "META-INF/manifest.xml", _manifest())
    return made.getvalue()


def _question(number: int, question: Question, profile: Any | None) -> list[str]:
    optional = "" if question.required else " " + gettext("(optional)")
    lines = [_heading(f"{number}. {question.title}{optional}", 3)]
    lines += [_paragraph(str(text), "Hint") for text in (question.hint, question.why) if text]
    answer = question.written(profile) if profile is not None else ""
    if not answer:
        return lines + [_paragraph("", "Answer")] * EMPTY_LINES
    written = [answer] if isinstance(answer, str) else answer
    return lines + [_paragraph(line, "Answer") for text in written for line in str(text).splitlines()]


def _heading(text: str, level: int) -> str:
    return f'<text:h text:style-name="Heading_{level}" text:outline-level="{level}">{_escaped(text)}</text:h>'


def _paragraph(text: str, style: str) -> str:
    return f'<text:p text:style-name="{style}">{_escaped(text)}</text:p>'


def _escaped(text: str) -> str:
    return escape(_FORBIDDEN.sub("", text))


def _language() -> tuple[str, str]:
    return ("en", "GB") if (get_language() or "sv").startswith("en") else ("sv", "SE")


def _styles() -> str:
    language, country = _language()
    sizes = {1: "20pt", 2: "15pt", 3: "12pt"}
    headings = "".join(
        f'<style:style style:name="Heading_{level}" style:family="paragraph" '
        f'style:default-outline-level="{level}"><style:paragraph-properties fo:margin-top="0.5cm" '
        f'fo:margin-bottom="0.15cm" fo:keep-with-next="always"/>'
        f'<style:text-properties fo:font-size="{size}" fo:font-weight="bold"/></style:style>'
        for level, size in sizes.items()
    )
    return (
        f'{_HEAD}<office:document-styles {_NAMESPACES} office:version="1.3"><office:styles>'
        '<style:default-style style:family="paragraph"><style:text-properties fo:font-size="11pt" '
        f'fo:language="{language}" fo:country="{country}"/></style:default-style>{headings}'
        '<style:style style:name="Hint" style:family="paragraph"><style:text-properties '
        'fo:color="#4a4a4a"/></style:style>'
        '<style:style style:name="Answer" style:family="paragraph"><style:paragraph-properties '
        'fo:margin-top="0.1cm" fo:margin-bottom="0.1cm" fo:margin-left="0.5cm"/></style:style>'
        "</office:styles></office:document-styles>"
    )


def _meta(title: str) -> str:
    return (
        f'{_HEAD}<office:document-meta {_NAMESPACES} office:version="1.3"><office:meta>'
        f"<dc:title>{_escaped(title)}</dc:title><dc:language>{'-'.join(_language())}</dc:language>"
        "</office:meta></office:document-meta>"
    )


def _manifest() -> str:
    entries = {"/": ODT} | dict.fromkeys(("content.xml", "styles.xml", "meta.xml"), "text/xml")
    listed = "".join(
        f"<manifest:file-entry manifest:full-path={quoteattr(path)} manifest:media-type={quoteattr(kind)}/>"
        for path, kind in entries.items()
    )
    return f'{_HEAD}<manifest:manifest {_NAMESPACES} manifest:version="1.3">{listed}</manifest:manifest>'


def _add(document: zipfile.ZipFile, name: str, text: str, packed: int = zipfile.ZIP_DEFLATED) -> None:
    document.writestr(zipfile.ZipInfo(name, _LONG_AGO), text.encode(), packed)

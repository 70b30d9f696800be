"""What a file is, by what is in it and not by what it is called."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from django.db.models import TextChoices

from matching.meeting.conversation.metadata import UnreadablePicture, without_metadata

MOST_FILES = 3
NAME_LENGTH = 120
# What an archive's table of contents may hold, and what is read of a part that says what it is.
_MOST_PARTS = 5000
_LONGEST_MARK = 100


class FileKind(TextChoices):
    PDF = "pdf", "PDF"
    PNG = "png", "PNG"
    JPEG = "jpeg", "JPEG"
    ODT = "odt", "OpenDocument (ODT)"
    ODS = "ods", "OpenDocument (ODS)"
    DOCX = "docx", "Word (DOCX)"
    XLSX = "xlsx", "Excel (XLSX)"
    CSV = "csv", "CSV"
    TEXT = "txt", "TXT"


CONTENT_TYPES: dict[FileKind, str] = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    FileKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileKind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.TEXT: "text/plain; charset=utf-8",
}
_ENDINGS: dict[FileKind, str] = {kind: kind.value for kind in FileKind} | {FileKind.JPEG: "jpg"}
_OPEN_DOCUMENTS = {CONTENT_TYPES[kind].encode(): kind for kind in (FileKind.ODT, FileKind.ODS)}
_OFFICE_PARTS = {"word/document.xml": FileKind.DOCX, "xl/workbook.xml": FileKind.XLSX}
# Letters and digits of any alphabet; what could lead out of a folder, or turn a name round, is left out.
_NOT_IN_A_NAME = re.compile(r"[^\w ().,+&-]")


class UnknownFile(Exception):
    """The file is none of the kinds that may be sent, or a picture that is not whole."""


@dataclass(frozen=True)
class CheckedFile:
    """A file whose kind has been seen in its content, under a name that does no harm.

    A picture no longer tells where and when it was taken.
    """

    name: str
    kind: FileKind
    content: bytes


def check_file(name: str, content: bytes) -> CheckedFile:
    """Look at a file; raises UnknownFile for what is empty or of another kind."""
    kind = _kind_of(content, name)
    if kind is None:
        raise UnknownFile
    if kind in (FileKind.CSV, FileKind.TEXT):
        content = _text_of(content).encode()
    elif kind in (FileKind.PNG, FileKind.JPEG):
        try:
            content = without_metadata(content)
        except UnreadablePicture as error:
            raise UnknownFile from error
    return CheckedFile(clean_name(name, kind), kind, content)


def clean_name(name: str, kind: FileKind) -> str:
    """Return the name without a path, without what is not a letter, and with the ending of its kind."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem = last.rpartition(".")[0] or last
    stem = _NOT_IN_A_NAME.sub("", stem).strip(" .")
    return f"{stem[: NAME_LENGTH - 5] or 'fil'}.{_ENDINGS[kind]}"


def _kind_of(content: bytes, name: str) -> FileKind | None:
    if content.startswith(b"%PDF-"):
        return FileKind.PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileKind.PNG
    if content.startswith(b"\xff\xd8\xff"):
        return FileKind.JPEG
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_archive(content)
    if not content.strip() or _text_of(content) == "":
        return None
    return FileKind.CSV if name.casefold().endswith(".csv") else FileKind.TEXT


def _kind_of_archive(content: bytes) -> FileKind | None:
    """Tell a document from any other archive. No part is unpacked but the few bytes that say what it is."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = {part.filename for part in archive.infolist()[:_MOST_PARTS]}
            if any(part.endswith("vbaProject.bin") for part in parts):
                return None
            if "mimetype" in parts:
                with archive.open("mimetype") as mark:
                    return _OPEN_DOCUMENTS.get(mark.read(_LONGEST_MARK).strip())
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError):
        return None
    if "[Content_Types].xml" not in parts:
        return None
    return next((kind for part, kind in _OFFICE_PARTS.items() if part in parts), None)


def _text_of(content: bytes) -> str:
    """Return plain text however it is written; "" for what is not text."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        is_text = not re.search(r"[\x00-\x08\x0e-\x1f\x7f]", text)
        return text if is_text else ""
    return ""

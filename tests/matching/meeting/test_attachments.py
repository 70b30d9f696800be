"""Files between two sides: what may be sent, who gets it, and that it goes when it should."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.meeting.conversation import services
from matching.meeting.conversation.files import CheckedFile, FileKind, UnknownFile, check_file, clean_name
from matching.meeting.conversation.models import Attachment, Message
from matching.meeting.conversation.services import TooManyFiles, send_message
from matching.meeting.models import Introduction
from tests.cast import Cast
from tests.factories import NOW

PDF = b"%PDF-1.7\n%..."
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x00IEND\xaeB`\x82"
JPEG = b"\xff\xd8\xff\xda\x00\x02\x12\x34\xff\xd9"


def archive(**parts: bytes) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return written.getvalue()


ODT = archive(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b""})
ODS = archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")
DOCX = archive(**{"[Content_Types].xml": b"", "word__document.xml": b""})
XLSX = archive(**{"[Content_Types].xml": b"", "xl__workbook.xml": b""})


@pytest.mark.parametrize(
    ("name", "content", "kind", "shown"),
    [
        ("Budget.pdf", PDF, "pdf", "Budget.pdf"),
        ("bild.exe", PNG, "png", "bild.png"),
        ("foto.JPEG", JPEG, "jpeg", "foto.jpg"),
        ("brev.odt", ODT, "odt", "brev.odt"),
        ("blad.zip", ODS, "ods", "blad.ods"),
        ("brev.docx", DOCX, "docx", "brev.docx"),
        ("blad.xlsx", XLSX, "xlsx", "blad.xlsx"),
        ("siffror.csv", "å;1\n".encode("cp1252"), "csv", "siffror.csv"),
        ("sida.html", b"<script>1</script>", "txt", "sida.txt"),
        ("/etc/../pass\u202ewd", b"x", "txt", "passwd.txt"),
    ],
)
def test_a_file_is_what_is_in_it(name: str, content: bytes, kind: str, shown: str) -> None:
    found = check_file(name, content)
    assert (found.kind, found.name) == (kind, shown)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"MZ\x90\x00\x03\x00",
        b"\x7fELF\x02\x01\x01\x00",
        b"PK\x03\x04 broken",
        archive(**{"a.txt": b"any archive"}),
        archive(**{"[Content_Types].xml": b"", "word__document.xml": b"", "word__vbaProject.bin": b""}),
        archive(mimetype=b"application/vnd.oasis.opendocument.presentation"),
        b"GIF89a\x00\x01",
        # Pictures that end before they are whole: nobody can tell what is in them.
        b"\x89PNG\r\n\x1a\n....",
        b"\xff\xd8\xff\xe1\xff\xff....",
    ],
)
def test_other_kinds_are_not_taken(content: bytes) -> None:
    with pytest.raises(UnknownFile):
        check_file("Budget.pdf", content)


@settings(max_examples=40)
@given(st.text(alphabet='aZ9åÖ ./\\\x00\n\r"<>:;%-_\u202e\u00adあ', max_size=300))
def test_names_lead_nowhere(name: str) -> None:
    cleaned = clean_name(name, FileKind.PDF)
    assert cleaned.endswith(".pdf")
    assert len(cleaned) <= 120
    assert not set(cleaned) & set('/\\\r\n\x00"<>:;%')
    assert not cleaned.startswith(".")


@settings(max_examples=40)
@given(st.binary(max_size=200))
def test_no_content_breaks_the_look_at_it(content: bytes) -> None:
    with suppress(UnknownFile):
        check_file("x", content)


def page_of(introduction: Introduction, rest: str = "") -> str:
    return f"/traffar/kontakter/{introduction.public_id}/{rest}"


def send(introduction: Introduction, cast: Cast, *names: str) -> Message:
    return send_message(
        introduction=introduction,
        actor=cast.ruth,
        text="Här är planen.",
        key=uuid4(),
        files=[CheckedFile(name, FileKind.PDF, PDF) for name in names],
        now=NOW,
    )


def lying() -> list[str]:
    try:
        return storages["private"].listdir("messages")[1]
    except FileNotFoundError:
        return []


@pytest.mark.django_db
def test_a_file_goes_along_and_comes_as_a_download(client: Client, cast: Cast, met: Introduction) -> None:
    client.force_login(cast.ruth)
    sent = {
        "text": "Här är planen.",
        "attached": [SimpleUploadedFile("../Plan å.exe", PDF), SimpleUploadedFile("tal.csv", b"a;1")],
    }
    assert client.post(page_of(met), sent).status_code == 302
    plan, numbers = Attachment.objects.order_by("pk")
    client.force_login(cast.rolf)
    assert "Plan å.pdf" in client.get(page_of(met)).content.decode()
    got = client.get(page_of(met, f"fil/{plan.pk}/"))
    assert (got.content, got["Content-Type"]) == (PDF, "application/pdf")
    assert got["Content-Disposition"] == "attachment; filename*=utf-8''Plan%20%C3%A5.pdf"
    assert (got["X-Content-Type-Options"], got["Cache-Control"][:7]) == ("nosniff", "max-age")
    assert client.get(page_of(met, f"fil/{numbers.pk}/"))["Content-Type"] == "text/csv; charset=utf-8"
    for person in (cast.sara, cast.ingrid, cast.stefan):
        client.force_login(person)
        assert client.get(page_of(met, f"fil/{plan.pk}/")).status_code in (302, 404)
    # A photo is handed out without what it tells beside itself.
    place = b"\xff\xe1\x00\x10Exif\x00\x00Bergsj\xc3\xb6"
    client.force_login(cast.ruth)
    photo = {"text": "Så ser det ut.", "attached": SimpleUploadedFile("Hus.jpg", JPEG[:2] + place + JPEG[2:])}
    assert client.post(page_of(met), photo).status_code == 302
    sent_photo = Attachment.objects.latest("pk")
    assert (client.get(page_of(met, f"fil/{sent_photo.pk}/")).content, sent_photo.size) == (JPEG, len(JPEG))
    # Neither who sent it nor what it is called can be seen where it lies.
    assert "Plan" not in str(plan.file.name)


@pytest.mark.django_db
def test_a_files_number_opens_it_in_its_own_conversation_alone(
    client: Client, cast: Cast, met: Introduction, another: Introduction
) -> None:
    send(met, cast, "Plan.pdf")
    number = Attachment.objects.get().pk
    client.force_login(cast.amina)
    assert client.get(page_of(met, f"fil/{number}/")).status_code == 200
    assert client.get(page_of(another, f"fil/{number}/")).status_code == 404
    storages["private"].delete(str(Attachment.objects.get().file.name))
    assert client.get(page_of(met, f"fil/{number}/")).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([("Film.mov", b"\x00\x00\x00\x18ftypqt")], "”Film.mov” är inte en sorts fil som går att skicka."),
        ([("a.pdf", PDF)] * 4, "Du valde 4 filer. Skicka högst 3 åt gången."),
        ([("Stor.pdf", PDF + b" " * 2000)], "”Stor.pdf” är större än 10 MB."),
    ],
)
def test_what_cannot_be_sent_is_said_and_the_text_is_kept(
    client: Client, cast: Cast, met: Introduction, files: list[tuple[str, bytes]], said: str
) -> None:
    client.force_login(cast.ruth)
    data: dict[str, Any] = {"text": "Text som inte får gå förlorad"}
    data["attached"] = [SimpleUploadedFile(name, content) for name, content in files]
    with override_settings(UPLOAD_MOST_BYTES=1000):
        answer = client.post(page_of(met), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "Text som inte får gå förlorad</textarea>" in page
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_the_service_takes_no_more_than_three(cast: Cast, met: Introduction) -> None:
    with pytest.raises(TooManyFiles):
        send(met, cast, "a.pdf", "b.pdf", "c.pdf", "d.pdf")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("gone", ["conversation", "offer", "initiative", "person"])
def test_files_go_with_what_they_belong_to(cast: Cast, met: Introduction, gone: str) -> None:
    before = set(lying())
    send(met, cast, "a.pdf", "b.pdf")
    assert len(set(lying()) - before) == 2
    if gone == "conversation":
        met.delete()
    elif gone in ("offer", "initiative"):
        getattr(met, gone).delete()
    else:
        cast.ruth.delete()
        message = Message.objects.get()
        assert (message.text, message.author) == ("Här är planen.", None)
    assert set(lying()) == before
    assert not Attachment.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_stored_leaves_nothing(
    cast: Cast, met: Introduction, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(lying())
    saved = Attachment.save

    def fail_for_the_second(self: Attachment, *args: Any, **kwargs: Any) -> None:
        if self.name == "b.pdf":
            raise OSError
        saved(self, *args, **kwargs)

    monkeypatch.setattr(services.Attachment, "save", fail_for_the_second)
    with pytest.raises(OSError):
        send(met, cast, "a.pdf", "b.pdf")
    assert set(lying()) == before
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_when_the_database_refuses_at_the_very_end_no_file_is_left(
    cast: Cast, met: Introduction, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(lying())

    def refuse() -> None:
        raise OperationalError("the connection is lost")

    with monkeypatch.context() as broken, pytest.raises(OperationalError):
        broken.setattr(connection, "commit", refuse)
        send(met, cast, "a.pdf", "b.pdf")
    assert set(lying()) == before
    assert not Message.objects.exists()


def test_on_a_disk_only_we_can_read_it(tmp_path: Path) -> None:
    from django.conf import settings as project

    from brygga.settings import base

    options = {**base.PRIVATE_FILES["OPTIONS"], "location": str(tmp_path)}  # type: ignore[dict-item]
    private = {**base.PRIVATE_FILES, "OPTIONS": options}
    with override_settings(STORAGES={**project.STORAGES, "private": private}):
        storage = storages["private"]
        name = storage.save("messages/x", SimpleUploadedFile("x", PDF))
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        assert (tmp_path / "messages").stat().st_mode & 0o777 == 0o700

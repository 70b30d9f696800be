"""Pictures of the work: told in words, without where they were taken, for those who may see the page."""

from __future__ import annotations

import struct
import zlib

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from brygga.core.pictures import CheckedPicture, UnreadablePicture, check_picture
from innovators.models import Initiative, InitiativePicture
from innovators.pictures import services
from innovators.services import delete_draft
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, InitiativePictureFactory
from tests.factories.initiatives import TINY, png
from tests.matching.meeting.races import race

pytestmark = pytest.mark.django_db
SECRET = b"N 59.3293 E 18.0686"
TELLING = struct.pack(">I", len(SECRET)) + b"tEXt" + SECRET + struct.pack(">I", zlib.crc32(b"tEXt" + SECRET))


@pytest.fixture
def initiative(cast: Cast) -> Initiative:
    return InitiativeFactory(organisation=cast.association, title="Lagningsverkstaden")


def upload(content: bytes = TINY, name: str = "IMG_0042.HEIC") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def add(initiative: Initiative, cast: Cast) -> InitiativePicture:
    return services.add_picture(
        initiative=initiative, picture=check_picture(TINY), alt="En cykel", actor=cast.amina, now=NOW
    )


def test_put_up_shown_and_taken_away(client: Client, cast: Cast, initiative: Initiative) -> None:
    client.force_login(cast.erik)
    tasks, here = f"/initiativ/{initiative.public_id}/svar/", f"/initiativ/{initiative.public_id}/bilder/"
    assert f'href="{here}"' in client.get(tasks).content.decode()
    for typed, said in (
        ({"alt": "En cykel"}, "Välj en bild."),
        ({"file": upload()}, "Säg med några ord vad bilden visar."),
        ({"file": upload(b"<svg onload=alert(1)>"), "alt": "x"}, "Vi kan inte läsa filen som en bild."),
        ({"file": upload(TINY[:40]), "alt": "x"}, "Vi kan inte läsa filen som en bild."),
    ):
        refused = client.post(here, typed)
        assert refused.status_code == 422
        assert said in refused.content.decode(), said
    assert not InitiativePicture.objects.exists()
    typed = {"file": upload(png(TELLING)), "alt": "Ring 070-174 06 05 så får du se cykeln"}
    page = client.post(here, typed, follow=True).content.decode()
    [made] = InitiativePicture.objects.all()
    there = f"{here}{made.pk}/"
    assert f'src="{there}"' in page
    # On the public page, told in words, with nobody's number in them.
    client.logout()
    public = client.get(f"/initiativ/{initiative.public_id}/").content.decode()
    assert f'src="{there}" alt="Ring [telefon] så får du se cykeln"' in public
    answer = client.get(there)
    assert answer.content == check_picture(TINY).content
    assert SECRET not in answer.content
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "IMG_0042" not in answer["Content-Disposition"]
    client.force_login(cast.erik)
    client.post(f"{there}ta-bort/")
    assert client.get(there).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_file_goes_with_its_row_and_a_refused_row_leaves_none(cast: Cast) -> None:
    draft = InitiativeFactory(organisation=cast.association, draft=True)
    stored = add(draft, cast).file.name
    assert storages["private"].exists(stored)
    for _ in range(services.MOST_PICTURES - 1):
        add(draft, cast)
    before = sorted(storages["private"].listdir("pictures")[1])
    with pytest.raises(services.TooManyPictures):
        add(draft, cast)
    # What the database refuses, too.
    InitiativePicture.objects.latest("pk").delete()
    before = sorted(storages["private"].listdir("pictures")[1])
    with pytest.raises(IntegrityError):
        services.add_picture(
            initiative=draft, picture=CheckedPicture("gif", TINY), alt="x", actor=cast.amina, now=NOW
        )
    assert sorted(storages["private"].listdir("pictures")[1]) == before
    delete_draft(initiative=draft, actor=cast.amina, now=NOW)
    assert not storages["private"].exists(stored)


def test_only_who_may_see_the_page_sees_them(client: Client, cast: Cast) -> None:
    hidden = InitiativeFactory(organisation=cast.association, visibility="chosen", title="Hemliga")
    other = InitiativeFactory(organisation=cast.outsiders)
    picture = InitiativePictureFactory(initiative=hidden)
    there = f"/initiativ/{hidden.public_id}/bilder/{picture.pk}/"
    assert client.get(there).status_code == 404
    client.force_login(cast.sara)
    assert client.get(there).status_code == 404
    # Nor by another initiative's address.
    assert client.get(f"/initiativ/{other.public_id}/bilder/{picture.pk}/").status_code == 404
    client.force_login(cast.rolf)
    assert client.get(there).status_code == 200
    for person in (cast.rolf, cast.sara):
        with pytest.raises(PermissionDenied):
            services.remove_picture(picture=picture, actor=person, now=NOW)
        with pytest.raises(PermissionDenied):
            services.add_picture(
                initiative=hidden, picture=CheckedPicture("png", TINY), alt="x", actor=person, now=NOW
            )


def test_a_picture_is_known_by_what_is_in_it() -> None:
    assert check_picture(png(TELLING)).content == check_picture(TINY).content
    for content in (b"", b"GIF89a", b"\xff\xd8\xff", b"%PDF-1.7", TINY[:40]):
        with pytest.raises(UnreadablePicture):
            check_picture(content)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_not_too_many_come_through(cast: Cast, initiative: Initiative) -> None:
    for _ in range(services.MOST_PICTURES - 1):
        add(initiative, cast)

    def one_more() -> str:
        add(initiative, cast)
        return "done"

    assert race(one_more, one_more, told=services.TooManyPictures) == ["done", "told"]
    assert initiative.pictures.count() == services.MOST_PICTURES

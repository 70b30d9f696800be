"""All questions as a document: whole, safe to open, with the answers of its own people only."""

from __future__ import annotations

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

from django.test import Client
from django.urls import reverse

from innovators.models import Initiative
from innovators.questions import INITIATIVE_QUESTIONS
from tests.cast import Cast
from tests.factories import SupportOfferFactory
from tests.innovators.conftest import marks, signed_in

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CANARY = "kanarie@hemlig.example"


def opened(answer: Any) -> zipfile.ZipFile:
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.oasis.opendocument.text"
    assert answer["Content-Disposition"].endswith('.odt"')
    return zipfile.ZipFile(io.BytesIO(answer.content))


def lines(answer: Any) -> list[str]:
    content = ElementTree.fromstring(opened(answer).read("content.xml"))
    return ["".join(one.itertext()) for one in content.iter() if one.tag in (f"{TEXT}p", f"{TEXT}h")]


def test_the_file_is_what_word_processors_expect(db: None) -> None:
    answer = Client().get("/initiativ/alla-fragor.odt")
    document = opened(answer)
    assert document.namelist()[0] == "mimetype"
    assert document.infolist()[0].compress_type == zipfile.ZIP_STORED
    assert answer.content[38:77].decode() == "application/vnd.oasis.opendocument.text"
    listed = ElementTree.fromstring(document.read("META-INF/manifest.xml"))
    paths = {value for one in listed for key, value in one.attrib.items() if key.endswith("full-path")}
    assert paths == {"/", "content.xml", "styles.xml", "meta.xml"}
    for name in paths - {"/"}:
        ElementTree.fromstring(document.read(name))


def test_every_question_stands_in_it_in_the_readers_language(db: None) -> None:
    said = "\n".join(lines(Client().get("/initiativ/alla-fragor.odt")))
    assert [str(one.title) for one in INITIATIVE_QUESTIONS if str(one.title) not in said] == []
    assert "What do you want to change?" in lines(Client().get("/en/initiatives/all-questions.odt"))[2]
    assert Client().get("/stod/alla-fragor.odt").status_code == 200


def test_the_answers_so_far_stand_below_their_questions(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    page = reverse("innovators:question", args=[draft.public_id, "change"])
    typed = f"Första raden <b>&\nAndra raden, skriv till {CANARY}\x0b"
    client.post(page, {**marks(draft, "change", client), "change": typed})
    answer = client.get(f"/initiativ/{draft.public_id}/svar.odt")
    said = lines(answer)
    at = said.index("1. Vad vill ni förändra?")
    assert "Första raden <b>&" in said[at:]
    assert f"Andra raden, skriv till {CANARY}" in said[at:], "its own people meet their own words"
    assert "no-store" in answer["Cache-Control"]


def test_only_those_who_write_it_get_the_answers(cast: Cast, draft: Initiative) -> None:
    address = f"/initiativ/{draft.public_id}/svar.odt"
    assert Client().get(address).status_code == 302
    assert signed_in(cast.sara).get(address).status_code == 404
    assert signed_in(cast.rolf).get(address).status_code == 403
    offer = SupportOfferFactory(organisation=cast.foundation)
    assert signed_in(cast.amina).get(f"/stod/{offer.public_id}/svar.odt").status_code == 404
    assert str(offer) in lines(signed_in(cast.ruth).get(f"/stod/{offer.public_id}/svar.odt"))

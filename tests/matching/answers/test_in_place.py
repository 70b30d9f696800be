"""The next best question, answered where it is asked: the list follows, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from innovators.models import Initiative
from matching.engine.models import ProfileScoring
from matching.engine.services import run_now
from tests.cast import Cast
from tests.factories import NOW, InitiativeFactory, SupportOfferFactory
from tests.matching.desk.lists import shown_support, support_url

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


@pytest.fixture
def sparse(cast: Cast, matched: Matched) -> Initiative:
    made = InitiativeFactory(organisation=cast.association, legal_entity=None)
    SupportOfferFactory(title="Kräver nummer")
    matched()
    return made


def here(initiative: Initiative) -> str:
    return support_url(initiative, "fraga-till/")


def test_the_answer_is_saved_and_the_list_shows_itself_anew(
    client: Client, cast: Cast, sparse: Initiative
) -> None:
    client.force_login(cast.amina)
    part = client.get(here(sparse), headers={"HX-Request": "true"}).content.decode()
    for page in (part, client.get(support_url(sparse, "fler-traffar/")).content.decode()):
        assert f'action="{here(sparse)}"' in page
        assert 'name="legal_entity"' in page
    answer = client.post(here(sparse), {"question": "legal", "legal_entity": "yes", "revision": "1"})
    assert answer["Location"] == support_url(sparse)
    assert Initiative.objects.get().legal_entity == "yes"
    # The page says that it works, and puts the new list in its place when it is ready: once.
    assert ProfileScoring.objects.get(initiative=sparse).is_under_way
    page = client.get(support_url(sparse)).content.decode()
    assert "Sparat" in page
    assert "/hur-langt/?empty=1" in page
    assert "?empty=1" not in client.get(support_url(sparse)).content.decode()
    run_now(now=NOW)
    assert shown_support(client, support_url(sparse)) == ["Kräver nummer"]


def test_a_word_list_is_answered_in_place_and_rows_on_their_page(
    client: Client, cast: Cast, matched: Matched
) -> None:
    made = InitiativeFactory(organisation=cast.association, target_group_codes=None)
    SupportOfferFactory(target_group_codes=["children"], strict=["target_groups"])
    matched()
    client.force_login(cast.amina)
    page = client.get(support_url(made, "fler-traffar/"))
    assert page.context["asked"].slug == "target-groups"
    assert 'name="chosen"' in page.content.decode()
    typed = {"chosen": ["children"], "revision": page.context["form"]["revision"].value()}
    client.post(here(made), {"question": "target-groups", **typed})
    assert Initiative.objects.get().target_group_codes == ["children"]
    # Rows need their page: nothing is saved, and the page with the next question comes.
    for slug in ("needs", "actors", "nonsense", ""):
        went = client.post(here(made), {"question": slug})
        assert went["Location"] == support_url(made, "fler-traffar/"), slug


def test_what_cannot_be_saved_is_shown_with_why_and_what_was_typed(
    client: Client, cast: Cast, sparse: Initiative
) -> None:
    client.force_login(cast.amina)
    marks = client.get(f"/initiativ/{sparse.public_id}/svar/started/").context["form"]
    typed = {"question": "started", "started_on": "i våras", "revision": marks["revision"].value()}
    answer = client.post(here(sparse), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="i våras"' in page
    assert "error-summary" in page
    assert f'action="{here(sparse)}"' in page


def test_two_who_answer_at_once_and_a_session_that_ends_lose_nothing(
    client: Client, cast: Cast, sparse: Initiative
) -> None:
    client.force_login(cast.amina)
    page = client.get(support_url(sparse, "fler-traffar/"))
    marks = {name: page.context["form"][name].value() for name in ("revision", "seen")}
    Initiative.objects.update(legal_entity="no", revision=7)
    question = f"/initiativ/{sparse.public_id}/svar/legal/"
    went = client.post(here(sparse), {"question": "legal", "legal_entity": "yes", **marks})
    assert went["Location"] == question
    assert Initiative.objects.get().legal_entity == "no"
    assert client.get(question).context["form"]["legal_entity"].value() == "yes"
    # Signed out meanwhile: the answer waits on the question's page.
    client.logout()
    went = client.post(here(sparse), {"question": "legal", "legal_entity": "fiscal_sponsor"})
    assert went["Location"] == f"/konto/logga-in/?next={question}"
    client.force_login(cast.amina)
    assert client.get(question).context["form"]["legal_entity"].value() == "fiscal_sponsor"


def test_readers_read_and_strangers_find_nothing(client: Client, cast: Cast, sparse: Initiative) -> None:
    typed = {"question": "legal", "legal_entity": "yes"}
    client.force_login(cast.rolf)
    assert 'name="legal_entity"' not in client.get(support_url(sparse, "fler-traffar/")).content.decode()
    assert client.post(here(sparse), typed).status_code == 403
    client.force_login(cast.ruth)
    assert client.post(here(sparse), typed).status_code == 404
    assert Initiative.objects.get().legal_entity is None

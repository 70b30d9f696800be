"""What an initiative's own text names is offered on the questions about themes and groups, and nothing more."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from brygga.organisations.registration import own_words as registry
from brygga.organisations.registration.words import Terms
from brygga.taxonomy.models import Theme
from brygga.taxonomy.selectors import current_taxonomy
from brygga.taxonomy.services import set_in_use
from innovators.models import Initiative
from matching.answers.own_words import MOST_OFFERED, named_in
from tests.cast import Cast
from tests.factories.initiatives import InitiativeFactory
from tests.factories.people import UserFactory

CHANGE = "Barn ska få simma. Simskolan är för barn som aldrig har fått lära sig."
DESCRIPTION = "Vi arbetar mot ensamhet. Ensamheten är värst om sommaren. En granne hjälper till."
LEAD = "Det här hittade vi i det du har skrivit."


@pytest.fixture
def told(cast: Cast) -> Initiative:
    return InitiativeFactory(
        organisation=cast.association,
        empty=True,
        answered=[],
        title="Simskolan",
        change=CHANGE,
        description=DESCRIPTION,
        language="sv",
    )


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.amina)
    return client


def page(client: Client, initiative: Initiative, slug: str) -> str:
    return client.get(reverse("innovators:question", args=[initiative.public_id, slug])).content.decode()


def offered(html: str) -> list[str]:
    """Return the codes of the boxes that stand before the list."""
    if "own-words" not in html:
        return []
    part = html.split('class="own-words"')[1].split("own-words__rest")[0]
    assert "checked" not in part
    return re.findall(r'name="chosen" value="([^"]+)"', part)


def post(client: Client, initiative: Initiative, slug: str, **data: Any) -> Any:
    address = reverse("innovators:question", args=[initiative.public_id, slug])
    form = client.get(address).context["form"]
    marks = {name: str(form.initial[name]) for name in ("revision", "seen")}
    return client.post(address, {**marks, **data})


def test_what_the_text_names_is_offered_unticked_and_once(client: Client, told: Initiative) -> None:
    html = page(client, told, "themes")
    assert LEAD in html
    assert offered(html) == ["children_and_families", "loneliness_and_community"]
    every = re.findall(r'name="chosen" value="([^"]+)"', html)
    assert len(every) == len(set(every)) == len(current_taxonomy().themes.active())
    assert len(re.findall(r' id="id_chosen_\d+"', html)) == len(set(re.findall(r' id="id_chosen_\d+"', html)))
    assert offered(page(client, told, "target-groups")) == ["children"]


def test_only_what_is_ticked_is_stored(client: Client, told: Initiative) -> None:
    page(client, told, "themes")
    told.refresh_from_db()
    assert told.theme_codes is None
    post(client, told, "themes", chosen=["loneliness_and_community"])
    told.refresh_from_db()
    assert told.theme_codes == ["loneliness_and_community"]
    # Whoever has chosen is left in peace.
    assert LEAD not in page(client, told, "themes")
    post(client, told, "themes", unknown="on")
    assert LEAD in page(client, told, "themes")


def test_a_wrong_answer_comes_back_with_its_ticks(client: Client, told: Initiative) -> None:
    answer = post(client, told, "themes", chosen=["children_and_families"], unknown="on")
    assert answer.status_code == 422
    part = answer.content.decode().split('class="own-words"')[1].split("own-words__rest")[0]
    assert re.findall(r'value="([^"]+)"[^>]* checked', part) == ["children_and_families"]


def test_other_lists_and_empty_texts_are_as_before(client: Client, told: Initiative, draft_of: Any) -> None:
    assert "own-words" not in page(client, told, "methods")
    assert "own-words" not in page(client, draft_of(), "themes")


@pytest.fixture
def draft_of(cast: Cast) -> Any:
    return lambda: InitiativeFactory(organisation=cast.association, empty=True, answered=[])


def test_it_costs_no_query(client: Client, told: Initiative, django_assert_num_queries: Any) -> None:
    page(client, told, "themes")
    with CaptureQueriesContext(connection) as without:
        page(client, told, "methods")
    with django_assert_num_queries(len(without)):
        page(client, told, "themes")


def test_the_narrower_is_enough_and_a_few_are_enough(db: None) -> None:
    codes = named_in(Terms.THEME, "Psykisk ohälsa", "Hälsa och hälsa.", "sv")
    assert codes == ["mental_health"]
    everything = ". ".join(entry.name_sv for entry in current_taxonomy().themes.active()) * 2
    assert len(named_in(Terms.THEME, "", everything, "sv")) == MOST_OFFERED
    assert named_in(Terms.METHOD, "Workshop", "Workshop", "sv") == []
    assert named_in(Terms.THEME, "Mental health", "", "en") == ["mental_health"]


def test_an_entry_out_of_use_is_not_offered(cast: Cast) -> None:
    staff = UserFactory(is_staff=True, is_superuser=True)
    assert named_in(Terms.THEME, "Hemlöshet", "", "sv") == ["homelessness"]
    set_in_use(
        entries=Theme.objects.filter(code="homelessness"), in_use=False, actor=staff, now=timezone.now()
    )
    assert named_in(Terms.THEME, "Hemlöshet", "", "sv") == []


def test_without_a_finder_nothing_is_offered(
    client: Client, told: Initiative, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_finders", [])
    assert "own-words" not in page(client, told, "themes")

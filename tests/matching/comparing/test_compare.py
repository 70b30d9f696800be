"""Cases of one offer side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.models import Recusal
from matching.desk.services import shortlist
from tests.cast import Cast
from tests.factories import FlagFactory, InitiativeFactory, MembershipFactory
from tests.matching.desk.lists import cases_url
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def compare_url(offer: SupportOffer, *initiatives: Initiative) -> str:
    chosen = "&".join(f"initiative={one.public_id}" for one in initiatives)
    return cases_url(offer, f"sida-vid-sida/?{chosen}")


def rows_of(context: object, group: str) -> dict[str, list[tuple[str, ...]]]:
    [found] = [one for one in context["groups"] if str(one.title) == group]  # type: ignore[index]
    return {str(row.name): [(*cell.lines, cell.verdict) for cell in row.cells] for row in found.rows}


def test_each_column_says_what_the_pair_page_says(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    other = InitiativeFactory(title="Verkstad två", target_group_codes=None, legal_entity=None)
    FlagFactory(initiative=other, organisation=cast.intermediary, flagged_by=cast.ingrid)
    matched()
    shortlist(offer=offer, initiative=other, actor=cast.ruth, note="Ring på torsdag", now=timezone.now())
    client.force_login(cast.ruth)
    answer = client.get(compare_url(offer, other, initiative))
    page = answer.content.decode()
    assert [column.title for column in answer.context["columns"]] == ["Verkstad två", "Lagningsverkstaden"]
    requirements, wishes = rows_of(answer.context, "Krav"), rows_of(answer.context, "Önskemål")
    for place, one in enumerate((other, initiative)):
        pair = client.get(cases_url(offer, f"{one.public_id}/")).context
        assert answer.context["columns"][place].why == pair["why"]
        for row in pair["requirements"]:
            assert requirements[str(row["criterion"])][place][-1] == row["verdict"]
        for row in pair["wishes"]:
            assert wishes[str(row["criterion"])][place][-1] == row["verdict"]
    assert requirements["Organisationsnummer"][0] == ("unclear",)
    assert rows_of(answer.context, "I korthet")["Er anteckning"] == [("Ring på torsdag", ""), ("",)]
    assert "Ingrid Sköld" in page
    # The table and the cards hold the same: one is for a wide page, the other for a phone.
    table, _, cards = page.partition('class="compare-cards')
    for row in [*requirements, *wishes]:
        assert f'<th scope="row">{row}' in table
        assert f"<dt>{row}" in cards


def test_four_fit_and_a_fifth_is_asked_about(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    five = InitiativeFactory.create_batch(5)
    matched()
    client.force_login(cast.ruth)
    answer = client.get(compare_url(offer, *five[:4]))
    assert (answer.status_code, len(answer.context["columns"])) == (200, 4)
    answer = client.get(compare_url(offer, *five, five[0]))
    assert answer.status_code == 422
    assert "Högst 4 får plats sida vid sida" in answer.content.decode()
    assert [one["checked"] for one in answer.context["choices"]] == [True, True, True, True, False]
    assert answer.context["columns"] == []


def test_what_shows_how_far_they_have_come_is_one_row_in_short(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    other = InitiativeFactory(evidence="")
    matched()
    client.force_login(cast.ruth)
    row = "Vad som visar hur långt de har kommit"
    assert row not in rows_of(client.get(compare_url(offer, other, initiative)).context, "I korthet")
    Initiative.objects.filter(pk=initiative.pk).update(evidence="Elva provade, nio kom tillbaka.")
    answer = client.get(compare_url(offer, other, initiative))
    assert rows_of(answer.context, "I korthet")[row] == [("",), ("Elva provade, nio kom tillbaka.", "")]


@pytest.mark.parametrize(
    ("number", "said"), [(0, "Inget att jämföra än"), (1, "Välj minst två för att se dem sida vid sida.")]
)
def test_too_few_is_no_error(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched, number: int, said: str
) -> None:
    chosen = InitiativeFactory.create_batch(number)
    matched()
    client.force_login(cast.ruth)
    answer = client.get(compare_url(offer, *chosen))
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_what_may_not_be_seen_is_not_compared(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    hidden = InitiativeFactory(title="Hemlig", visibility="chosen")
    draft = InitiativeFactory(title="Utkast", state="draft", published_at=None)
    aside = InitiativeFactory(title="Jävig")
    matched()
    Recusal.objects.create(offer=offer, initiative=aside, person=cast.ruth)
    client.force_login(cast.ruth)
    address = compare_url(offer, hidden, initiative, draft, aside) + "&initiative=finns-inte&initiative=%00"
    answer = client.get(address)
    page = answer.content.decode()
    assert [column.title for column in answer.context["columns"]] == ["Lagningsverkstaden"]
    assert "4 av dem du valde visas inte för dig här." in page
    assert not any(word in page for word in ("Hemlig", "Utkast", "Jävig"))
    # A colleague who does not stand aside sees the case.
    client.force_login(MembershipFactory(organisation=cast.foundation, role="reader").user)
    assert "Jävig" in client.get(address).content.decode()


def test_the_lists_have_boxes_that_lead_here(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    client.force_login(cast.ruth)
    for rest in ("", "var-lista/"):
        page = client.get(cases_url(offer, rest)).content.decode()
        assert (
            f'<form class="cluster" id="compare-form" method="get" action="{cases_url(offer)}sida-vid-sida/"'
            in page
        )
        assert f'form="compare-form" name="initiative" value="{initiative.public_id}"' in page


def test_four_cost_as_many_questions_as_two(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    four = InitiativeFactory.create_batch(4, organisation=cast.association)
    matched()
    for one in four:
        FlagFactory(initiative=one)
        shortlist(offer=offer, initiative=one, actor=cast.ruth, note="Bra", now=timezone.now())
    client.force_login(cast.ruth)
    client.get(compare_url(offer, *four))
    assert queries_for(client, compare_url(offer, *four[:2])) == queries_for(
        client, compare_url(offer, *four)
    )

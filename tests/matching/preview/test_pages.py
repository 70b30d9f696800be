"""How many an offer fits while it is written: true, the same as the list later, and silent about who hides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from brygga.core.enums import PublicationState
from funders import services
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.engine.collection import forget
from matching.engine.selectors import matches_for_offer
from matching.engine.services import rescore_offer
from tests.cast import Cast
from tests.factories import InitiativeFactory, OrganisationFactory, SupportOfferFactory
from tests.funders.conftest import question
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]
SCRIPT = {"HX-Request": "true"}


def page_of(offer: SupportOffer, slug: str = "") -> str:
    return f"/traffar/stod/{offer.public_id}/hur-manga-passar/" + (f"{slug}/" if slug else "")


def numbers(found: Any) -> tuple[int, int, int, int]:
    return found.initiatives, found.fits, found.unclear, found.stopped


@pytest.fixture
def draft(cast: Cast) -> SupportOffer:
    """A draft that asks for associations in Västra Götaland with an organisation number."""
    return SupportOfferFactory(
        organisation=cast.foundation,
        title="Bidrag till unga",
        draft=True,
        eligible_kinds=["association"],
        closes_on=None,
    )


@pytest.fixture
def several(cast: Cast, initiative: Initiative) -> None:
    """One that fits, one unclear, one stopped by its kind alone, one by place alone, one by both."""
    company = OrganisationFactory(kind="company", name="Bolaget")
    InitiativeFactory(title="Vet inte", legal_entity=None)
    InitiativeFactory(title="Bolagets idé", organisation=company)
    InitiativeFactory(title="Långt borta", area_codes=["SE-2480"])
    InitiativeFactory(title="Bolaget långt borta", organisation=company, area_codes=["SE-2480", "SE-2580"])
    InitiativeFactory(title="Egen", organisation=cast.foundation)
    InitiativeFactory(title="Utkast", draft=True)


def test_a_draft_is_counted_by_rule_county_and_kind(
    client: Client, cast: Cast, draft: SupportOffer, several: None, matched: Matched
) -> None:
    matched()
    client.force_login(cast.ruth)
    answer = client.get(page_of(draft))
    found = answer.context["found"]
    assert numbers(found) == (5, 1, 1, 3)
    rules = {rule.rule: rule for rule in found.rules}
    assert {name: (rule.stops, rule.last, rule.unclear) for name, rule in rules.items()} == {
        "organisation_kind": (2, 1, 0),
        "area": (2, 1, 0),
        "legal_entity": (0, 0, 1),
    }
    assert rules["area"].counties == [("Västerbottens län", 1)]
    assert [name for name, _ in rules["organisation_kind"].kinds] == ["Företag"]
    assert [one.title for one in rules["area"].examples] == ["Långt borta"]
    assert {row.name: (row.fits, row.unclear, row.stopped) for row in found.counties} == {
        "Västerbottens län": (0, 0, 2),
        "Norrbottens län": (0, 0, 1),
        "Västra Götalands län": (1, 1, 1),
    }
    assert sum(row.stopped for row in found.kinds) == 3
    assert [one.title for one in found.examples] == ["Lagningsverkstaden"]
    assert rules["area"].url == question(draft, "places")
    page = answer.content.decode()
    assert "<strong>1</strong> av 5 publicerade initiativ passar." in page
    assert "Bolagets idé" in page
    for hidden in ("Egen", "Utkast"):
        assert hidden not in page
    assert (
        "1</strong> of 5 published"
        in client.get(f"/en/matches/offer/{draft.public_id}/how-many-fit/").content.decode()
    )


RULES: tuple[dict[str, Any], ...] = (
    {},
    {"eligible_kinds": ["company"], "legal_entity_required": False},
    {"area_codes": ["SE"], "min_age_months": 12},
    {"theme_codes": ["integration"], "strict": ["themes"], "area_codes": []},
    {"consortium_required": True, "eligible_kinds": None},
)


def test_the_numbers_are_those_of_the_list_after_publishing(
    cast: Cast, client: Client, several: None, matched: Matched
) -> None:
    matched()
    now = timezone.now()
    client.force_login(cast.ruth)
    for rules in RULES:
        draft = SupportOfferFactory(organisation=cast.foundation, draft=True, eligible_kinds=["association"])
        changed = services.change_offer(
            offer=draft, changes=rules, actor=cast.ruth, now=now, answered=["places"]
        )
        before = client.get(page_of(draft)).context["found"]
        services.publish_offer(offer=changed, actor=cast.ruth, now=now)
        rescore_offer(offer_id=draft.pk, now=now)
        listed = Counter(matches_for_offer(draft, cast.ruth, now).values_list("verdict", flat=True))
        assert (listed["fits"], listed["unclear"]) == (before.fits, before.unclear), rules
        assert numbers(client.get(page_of(draft)).context["found"]) == numbers(before)


def test_who_says_no_to_the_form_is_counted_with_why(
    cast: Cast, client: Client, several: None, matched: Matched
) -> None:
    """Only who may be seen, never one's own, each reason counted for whoever has it."""
    refusing: dict[str, Any] = {"forms_not_accepted": ["loan", "equity"]}
    InitiativeFactory(**refusing, refusal_reasons=["no_debt", "own_decisions"])
    InitiativeFactory(**refusing, refusal_reasons=["no_debt"])
    InitiativeFactory(**refusing, refusal_reasons=None)
    InitiativeFactory(**refusing, refusal_reasons=["not_needed"], visibility="chosen")
    InitiativeFactory(**refusing, refusal_reasons=["not_needed"], draft=True)
    InitiativeFactory(**refusing, refusal_reasons=["not_needed"], organisation=cast.foundation)
    InitiativeFactory(forms_not_accepted=["grant"], refusal_reasons=["not_needed"])
    matched()
    draft = SupportOfferFactory(organisation=cast.foundation, draft=True, support=["loan", "mentoring"])
    client.force_login(cast.ruth)
    (found,) = client.get(page_of(draft)).context["refusals"]
    assert (found.kind, found.number, found.silent) == ("Lån", 3, 1)
    assert found.reasons == [
        ("Vi kan eller vill inte ha skulder", 2),
        ("Vi vill bestämma och äga det själva", 1),
    ]
    page = client.get(page_of(draft)).content.decode()
    assert "3 initiativ säger nej." in page
    assert "Vi behöver det inte" not in page
    part = client.get(page_of(draft), headers=SCRIPT).content.decode()
    assert "Vi kan eller vill inte ha skulder" not in part
    # As it is typed, not as it is saved.
    typed = client.post(page_of(draft, "support"), {"row_count": "1", "row0_kind": "grant"})
    assert [(one.kind, one.number) for one in typed.context["refusals"]] == [("Bidrag", 1)]


def test_what_is_typed_counts_and_nothing_is_saved(
    client: Client, cast: Cast, draft: SupportOffer, several: None, matched: Matched
) -> None:
    matched()
    client.force_login(cast.ruth)
    typed = {"eligible_kinds": ["company"], "eligible_kinds_apply_to": "lead"}
    answer = client.post(page_of(draft, "who"), typed)
    assert numbers(answer.context["found"]) == (5, 1, 0, 4)
    page = answer.content.decode()
    assert "Det är inte sparat." in page
    assert '<input type="hidden" name="eligible_kinds" value="company">' in page
    assert SupportOffer.objects.get(pk=draft.pk).eligible_kinds == ["association"]
    # The way back shows the question with what was typed, and saves nothing either.
    back = client.post(question(draft, "who"), {**typed, "preview": "1"})
    assert back.context["form"]["eligible_kinds"].value() == ["company"]
    part = client.post(page_of(draft, "who"), typed, headers=SCRIPT)
    assert "<html" not in part.content.decode()
    assert "<strong>1</strong> av 5" in part.content.decode()
    assert "<strong>Slags organisation:</strong> stoppar" in part.content.decode()
    assert "Stoppar" in page
    form = client.get(question(draft, "support")).context["form"]
    names = [name for name in form.fields if name.endswith("kind")]
    loan = client.post(page_of(draft, "support"), {"row_count": "1", names[0]: "loan"})
    assert {rule.rule for rule in loan.context["found"].rules if rule.stops} >= {"support_kind"}
    wrong = client.post(page_of(draft, "co-funding"), {"co_funding_percent": "många"})
    assert wrong.status_code == 200
    assert numbers(wrong.context["found"]) == (5, 1, 1, 3)
    assert "Därför räknar vi med det som är sparat." in wrong.content.decode()


def test_who_hides_is_not_counted(client: Client, cast: Cast, draft: SupportOffer, matched: Matched) -> None:
    InitiativeFactory(title="Öppen")
    matched()
    client.force_login(cast.ruth)
    before = client.get(page_of(draft)).content
    InitiativeFactory(title="Bara utvalda", visibility="chosen")
    InitiativeFactory(title="Bara passande", visibility="fitting_givers")
    after = client.get(page_of(draft))
    assert numbers(after.context["found"]) == (1, 1, 0, 0)
    assert _without_tokens(after.content) == _without_tokens(before)
    shared = InitiativeFactory(title="Delad", visibility="chosen")
    shared.shared_with.add(cast.foundation)
    found = client.get(page_of(draft)).context["found"]
    assert numbers(found) == (2, 2, 0, 0)
    # Counted for those it shows itself to, but never an example.
    assert [one.title for one in found.examples] == ["Öppen"]


def _without_tokens(page: bytes) -> bytes:
    return b"\n".join(
        line for line in page.splitlines() if b"csrfmiddlewaretoken" not in line and b"nonce" not in line
    )


def test_empty_pages_say_why(client: Client, cast: Cast, draft: SupportOffer, matched: Matched) -> None:
    client.force_login(cast.ruth)
    assert "Vi kan inte räkna just nu." in client.get(page_of(draft)).content.decode()
    matched()
    assert "Inget initiativ är publicerat än" in client.get(page_of(draft)).content.decode()
    InitiativeFactory()
    SupportOffer.objects.filter(pk=draft.pk).update(opens_on=timezone.localdate() + timedelta(days=9))
    early = client.get(page_of(draft))
    assert numbers(early.context["found"]) == (1, 1, 0, 0)
    assert "Vi räknar som om tiden vore inne." in early.content.decode() or early.context["found"].is_shut


def test_the_count_is_a_part_of_the_pages_where_one_writes(
    client: Client, cast: Cast, draft: SupportOffer
) -> None:
    client.force_login(cast.ruth)
    for name in ("svar", "kontrollera"):
        page = client.get(f"/stod/{draft.public_id}/{name}/").content.decode()
        assert f'hx-get="{page_of(draft)}"' in page
        assert f'href="{page_of(draft)}"' in page
    for slug in ("who", "support", "themes", "places"):
        page = client.get(question(draft, slug)).content.decode()
        assert f'hx-post="{page_of(draft, slug)}"' in page
        assert f'formaction="{page_of(draft, slug)}"' in page
    assert "hur-manga-passar" not in client.get(question(draft, "title")).content.decode()


def test_counting_costs_the_same_for_one_and_for_many(
    client: Client, cast: Cast, draft: SupportOffer, matched: Matched
) -> None:
    InitiativeFactory(title="En")
    InitiativeFactory(title="Delad", visibility="chosen").shared_with.add(cast.foundation)
    matched()
    client.force_login(cast.ruth)
    client.get(page_of(draft))
    one = queries_for(client, page_of(draft))
    for place in range(4):
        InitiativeFactory(title=f"Till {place}", area_codes=["SE-2480"])
        InitiativeFactory(title=f"Delad {place}", visibility="chosen").shared_with.add(cast.foundation)
    forget()
    client.get(page_of(draft))
    assert queries_for(client, page_of(draft)) == one
    assert SupportOffer.objects.get(pk=draft.pk).state == PublicationState.DRAFT

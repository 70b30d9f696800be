"""What a giver reads about an initiative that is not on the list and that no requirement stops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from funders import services as funders
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.answers.too_low import last_place
from matching.desk import deciding, recusing, services
from matching.engine.models import Match, ProfileScoring
from matching.engine.selectors import pair_explanation
from tests.cast import Cast
from tests.factories import InitiativeFactory, SupportOfferFactory
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]
Asked = Callable[[str], tuple[dict[str, Any], str]]
KEPT = 50


@pytest.fixture
def asked(client: Client, cast: Cast, offer: SupportOffer) -> Asked:
    client.force_login(cast.ruth)

    def ask(text: str) -> tuple[dict[str, Any], str]:
        answer = client.get(f"/traffar/stod/{offer.public_id}/varfor-inte/", {"q": text})
        assert answer.status_code == 200
        [row] = answer.context["rows"]
        return row, " ".join(answer.content.decode().split())

    return ask


def test_what_fits_too_little_reads_its_points_the_lasts_and_what_takes_most(
    client: Client, cast: Cast, offer: SupportOffer, asked: Asked
) -> None:
    from matching.engine.services import run_now

    # As many better ones on either side as a list takes.
    InitiativeFactory.create_batch(KEPT - 1)
    InitiativeFactory(target_group_codes=["older_people"])
    SupportOfferFactory.create_batch(KEPT, theme_codes=["mental_health"], target_group_codes=["older_people"])
    low = InitiativeFactory(
        title="Annan idé", theme_codes=["mental_health"], target_group_codes=["older_people"]
    )
    run_now(now=timezone.now())
    row, page = asked("annan idé")
    why = pair_explanation(low, offer, perspective="offer")
    last = last_place(offer)
    assert why is not None
    assert last is not None
    stored = sorted(Match.objects.filter(offer=offer).values_list("fit", flat=True), reverse=True)
    assert (last.fit, last.kept) == (stored[KEPT - 1], KEPT)
    assert not Match.objects.filter(offer=offer, initiative=low).exists()
    told = row["too_low"]
    assert (told.points, told.needed) == (str(round(why.fit * 100)), str(round(last.fit * 100)))
    assert f"Det har {told.points} poäng av 100." in page
    assert f"Det sista av de 50 som ryms i er lista har {told.needed}." in page
    names = [str(one.name) for one in told.losses]
    # Nothing of 13 for the subject; the others follow by what they take.
    assert "Ämnen: ger 0 poäng av 13." in page
    assert "Ämnen" in names
    gaps = [float(one.could_give) - float(one.gives.replace(",", ".")) for one in told.losses]
    assert gaps == sorted(gaps, reverse=True)
    # What is enough is what gives more than is missing, neither more nor less.
    missing = 100 * (last.fit - why.fit)
    for one, gap in zip(told.losses, gaps, strict=True):
        assert one.is_enough == (gap > missing) or abs(gap - missing) < 1
    assert "Vart och ett räcker ensamt" in page or "Inget räcker ensamt." in page
    address = f"/traffar/stod/{offer.public_id}/varfor-inte/?q="
    client.get(f"{address}annan")
    one_row = queries_for(client, f"{address}annan")
    InitiativeFactory.create_batch(
        3, title="Annan idé till", theme_codes=["mental_health"], target_group_codes=["older_people"]
    )
    assert queries_for(client, f"{address}annan") == one_row


def test_as_low_as_the_last_is_told_as_a_tie(offer: SupportOffer, asked: Asked, matched: Matched) -> None:
    InitiativeFactory.create_batch(KEPT)
    alike = InitiativeFactory(title="Sist i raden")
    matched()
    Match.objects.filter(initiative=alike).delete()
    Match.objects.filter(offer=offer).update(fit=pair_explanation(alike, offer).fit)  # type: ignore[union-attr]
    _row, page = asked("sist i raden")
    assert "lika många som det sista av de 50" in page


def test_what_is_not_compared_yet_says_that_and_not_that_it_is_too_low(
    offer: SupportOffer,
    initiative: Initiative,
    asked: Asked,
    matched: Matched,
) -> None:
    matched()
    Match.objects.filter(initiative=initiative).delete()
    ProfileScoring.objects.all().delete()
    _row, page = asked("Lagningsverkstaden")
    assert "Det kommer med nästa gång allt matchas." in page
    scoring = {"asked_revision": 2, "asked_at": timezone.now()}
    for side in ({"initiative": initiative}, {"offer": offer}):
        one = ProfileScoring.objects.create(**side, **scoring)
        _row, page = asked("Lagningsverkstaden")
        assert "jämförs just nu" in page
        ProfileScoring.objects.filter(pk=one.pk).update(done_revision=2)
        assert "jämförs just nu" not in asked("Lagningsverkstaden")[1]


def test_a_decided_case_and_one_picked_out_lead_to_the_desk(
    cast: Cast,
    offer: SupportOffer,
    initiative: Initiative,
    asked: Asked,
    matched: Matched,
) -> None:
    matched()
    case = {"offer": offer, "initiative": initiative, "actor": cast.ruth, "now": timezone.now()}
    services.shortlist(**case)  # type: ignore[arg-type]
    _row, page = asked("Lagningsverkstaden")
    assert "Plats 1 av 1." in page
    assert f"/traffar/stod/{offer.public_id}/vart-bord/?view=table&amp;stage=shortlisted" in page
    told = {"message": "", "is_told": False, "decided_on": timezone.localdate()}
    deciding.decline(**case, **told, reason="amount")  # type: ignore[arg-type]
    _row, page = asked("Lagningsverkstaden")
    assert "Ni har beslutat om det" in page
    assert "Plats" not in page
    assert f"/traffar/stod/{offer.public_id}/vart-bord/?view=table&amp;stage=declined" in page


def test_support_that_is_not_open_says_that_none_is_added(
    cast: Cast,
    offer: SupportOffer,
    initiative: Initiative,
    asked: Asked,
    matched: Matched,
) -> None:
    matched()
    later = InitiativeFactory(title="Kom efteråt")
    funders.pause_offer(offer=offer, actor=cast.ruth, now=timezone.now())
    matched()
    _row, page = asked("Lagningsverkstaden")
    assert "Plats 1 av 1." in page
    _row, page = asked(later.title)
    assert "Ert stöd är pausat. Inget krav hindrar det" in page
    assert "inga läggs till" in page


def test_who_stands_aside_reads_that_and_not_whether_it_was_found(
    client: Client, cast: Cast, offer: SupportOffer, initiative: Initiative, matched: Matched
) -> None:
    matched()
    address = f"/traffar/stod/{offer.public_id}/varfor-inte/?q="
    client.force_login(cast.ruth)
    assert "klivit åt sidan" not in client.get(f"{address}Lagningsverkstaden").content.decode()
    recusing.recuse(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    for name in ("Lagningsverkstaden", "Något helt annat"):
        page = client.get(f"{address}{name}").content.decode()
        assert "Du har klivit åt sidan från 1 ärende här." in page
        assert initiative.public_id not in page

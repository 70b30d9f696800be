"""What is new on the lists, what has gone from them, and who has been told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.services import note_gone_read, note_opened, shortlist
from matching.engine.enums import Gone
from matching.engine.models import MatchSuggestion
from matching.engine.opened import Side
from tests.cast import Cast
from tests.factories import InitiativeFactory, MembershipFactory, SupportOfferFactory
from tests.matching.desk.lists import cases_url, shown_cases, support_url
from tests.queries import queries_for

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]


def suggest(initiative: Initiative, offer: SupportOffer, seen_by: Side | None = None) -> MatchSuggestion:
    seen = {f"seen_by_{seen_by}_at": timezone.now()} if seen_by else {}
    row, _ = MatchSuggestion.objects.update_or_create(
        initiative=initiative,
        offer=offer,
        defaults={"since_run": 1, "fit": 0.5, "suggested_at": timezone.now(), **seen},
    )
    return row


def go(row: MatchSuggestion, because: Gone = Gone.NEW_RUN, ago: int = 0) -> None:
    MatchSuggestion.objects.filter(pk=row.pk).update(
        gone_at=timezone.now() - timedelta(minutes=ago), gone_because=because
    )


def new_on(client: Client, address: str) -> list[str]:
    """Return the titles of the cards that say they are new."""
    page = client.get(address).content.decode()
    cards = re.findall(r"<article class=\"ds-card match-card\".*?</article>", page, re.DOTALL)
    titles = [re.findall(r"<a href=[^>]*>([^<]*)</a>", card)[0] for card in cards]
    return [title for title, card in zip(titles, cards, strict=True) if re.search(r">\s*Nytt\s*<", card)]


# -- opening ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["initiative", "offer"])
def test_an_opened_pair_is_no_longer_new(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched, side: str
) -> None:
    matched()
    person, listed, pair, title = {
        "initiative": (cast.amina, support_url(initiative), offer.public_id, offer.title),
        "offer": (cast.ruth, cases_url(offer), initiative.public_id, initiative.title),
    }[side]
    client.force_login(person)
    assert new_on(client, listed) == [title]
    page = client.get(f"{listed}{pair}/").content.decode()
    opened = f"{listed}{pair}/oppnad/"
    [form] = re.findall(r"<form[^>]*hx-trigger=\"load\"[^>]*>.*?</form>", page, re.DOTALL)
    assert f'hx-post="{opened}"' in form
    assert 'hx-swap="none"' in form
    assert "csrfmiddlewaretoken" in form
    # Reading has written nothing; the page's own small POST does.
    assert new_on(client, listed) == [title]
    assert client.get(opened).status_code == 405
    answers = [client.post(opened) for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b"")] * 2
    assert new_on(client, listed) == []
    assert 'hx-trigger="load"' not in client.get(f"{listed}{pair}/").content.decode()
    other = {"initiative": "offer", "offer": "initiative"}[side]
    row = MatchSuggestion.objects.get()
    assert getattr(row, f"seen_by_{side}_at") is not None
    assert getattr(row, f"seen_by_{other}_at") is None


def test_what_is_browsed_and_not_put_forward_is_no_news_but_is_told_of_when_it_goes(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    MatchSuggestion.objects.all().delete()
    client.force_login(cast.amina)
    assert new_on(client, support_url(initiative)) == []
    assert offer.title in client.get(support_url(initiative)).content.decode()
    pair = support_url(initiative, f"{offer.public_id}/")
    assert 'hx-trigger="load"' in client.get(pair).content.decode()
    for _ in range(2):
        assert client.post(f"{pair}oppnad/").status_code == 204
    assert 'hx-trigger="load"' not in client.get(pair).content.decode()
    # It takes no room, is in no number, and is not new to the other side.
    assert not MatchSuggestion.objects.exists()
    [row] = MatchSuggestion.everything.all()
    assert row.seen_by_offer_at is None
    assert "1 träff" in client.get("/min-sida/").content.decode()
    client.force_login(cast.ruth)
    assert new_on(client, cases_url(offer)) == []
    client.post(cases_url(offer, f"{initiative.public_id}/oppnad/"))
    SupportOffer.objects.filter(pk=offer.pk).update(
        area_codes=["SE-25"], changed_at=timezone.now(), revision=7
    )
    matched()
    # Each side is told why, until it has said that it has seen it.
    page = client.get(cases_url(offer)).content.decode()
    assert "Lagningsverkstaden</span> – ert stöd har ändrats, och det är inte längre en träff." in page
    note_gone_read(profile=offer, actor=cast.ruth, now=timezone.now())
    client.force_login(cast.amina)
    [line] = client.get(support_url(initiative)).context["gone"].lines
    assert str(line.because) == "stödet har ändrats, och det är inte längre en träff"
    note_gone_read(profile=initiative, actor=cast.amina, now=timezone.now())
    assert not MatchSuggestion.everything.exists()


@pytest.mark.parametrize(
    ("rest", "data"), [("lagg-till", {}), ("lagg-undan", {"reason": "no_room"})], ids=["list", "aside"]
)
def test_deciding_is_seeing_without_a_script(
    client: Client,
    cast: Cast,
    initiative: Initiative,
    offer: SupportOffer,
    matched: Matched,
    rest: str,
    data: dict[str, str],
) -> None:
    matched()
    client.force_login(cast.ruth)
    client.post(cases_url(offer, f"{initiative.public_id}/{rest}/"), data)
    row = MatchSuggestion.objects.get()
    assert row.seen_by_offer_at is not None
    assert row.seen_by_initiative_at is None


def test_asking_is_seeing_without_a_script(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    shortlist(offer=offer, initiative=initiative, actor=cast.ruth, now=timezone.now())
    assert MatchSuggestion.objects.get().seen_by_offer_at is None
    client.force_login(cast.ruth)
    asked = {"message": "Får vi höra mer?", "name": "Ruth", "email": "ruth@exempel.example", "agrees": "on"}
    answer = client.post(cases_url(offer, f"{initiative.public_id}/fraga/"), asked)
    assert answer.status_code == 302, answer.context["form"].errors
    assert MatchSuggestion.objects.get().seen_by_offer_at is not None


def test_only_a_sides_own_people_note_for_it(
    cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    now = timezone.now()
    reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    for person, side in ((cast.ruth, "initiative"), (cast.amina, "offer"), (cast.sara, "offer")):
        with pytest.raises(PermissionDenied):
            note_opened(initiative=initiative, offer=offer, side=side, actor=person, now=now)
    with pytest.raises(PermissionDenied):
        note_gone_read(profile=offer, actor=reader, now=now)
    assert note_opened(initiative=initiative, offer=offer, side="offer", actor=reader, now=now)
    assert not note_opened(initiative=initiative, offer=offer, side="offer", actor=cast.ruth, now=now)


def test_hidden_pairs_cannot_be_opened(client: Client, cast: Cast, offer: SupportOffer) -> None:
    hidden = InitiativeFactory(title="Hemlig", visibility="chosen")
    row = suggest(hidden, offer)
    client.force_login(cast.ruth)
    assert client.post(cases_url(offer, f"{hidden.public_id}/oppnad/")).status_code == 404
    row.refresh_from_db()
    assert row.seen_by_offer_at is None


# -- gone ------------------------------------------------------------------------------------------


def test_what_was_opened_and_went_is_told_until_somebody_says_ok(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    other = SupportOfferFactory(title="Lokal i Bergsjön")
    go(suggest(initiative, other, "initiative"), Gone.OFFER_CHANGED)
    client.force_login(cast.amina)
    page = client.get(support_url(initiative)).content.decode()
    assert "Borta sedan du sist tittade" in page
    assert "Lokal i Bergsjön</span> – stödet har ändrats, och det är inte längre en träff." in page
    why = support_url(initiative, f"varfor-inte/?q={other.public_id}")
    assert f'href="{why}"' in page
    assert len(client.get(why).context["rows"]) == 1
    assert "Lokal i Bergsjön" in client.get(why).content.decode()
    until = re.findall(r'name="until" value="([^"]*)"', page)[0]
    # Gone after the page was shown: told next time.
    late = SupportOfferFactory(title="Sent borta")
    go(suggest(initiative, late, "initiative"), Gone.NEW_RUN)
    ok = support_url(initiative, "last-vad-som-forsvann/")
    for _ in range(2):
        answer = client.post(ok, {"until": until})
        assert (answer.status_code, answer["Location"]) == (302, support_url(initiative))
    page = client.get(support_url(initiative)).content.decode()
    assert "Sent borta" in page
    assert "Lokal i Bergsjön" not in page
    client.post(ok, {"until": "2026-99-99T00:00"})
    assert "Borta sedan" not in client.get(support_url(initiative)).content.decode()
    # What nobody waits to hear of is deleted; what is put forward stays.
    assert list(MatchSuggestion.objects.values_list("offer", flat=True)) == [offer.pk]


def test_the_other_side_is_still_told(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    suggest(initiative, offer, "offer")
    go(suggest(initiative, offer, "initiative"), Gone.INITIATIVE_CHANGED)
    note_gone_read(profile=initiative, actor=cast.amina, now=timezone.now())
    client.force_login(cast.amina)
    assert "Borta sedan" not in client.get(support_url(initiative)).content.decode()
    client.force_login(cast.ruth)
    page = client.get(cases_url(offer)).content.decode()
    assert "Lagningsverkstaden</span> – initiativet har ändrats, och det är inte längre en träff." in page


def test_nothing_goes_from_an_offers_own_people_when_it_closes(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    suggest(initiative, offer, "offer")
    go(suggest(initiative, offer, "initiative"), Gone.OFFER_CLOSED)
    client.force_login(cast.ruth)
    assert client.get(cases_url(offer)).context["gone"] is None
    client.force_login(cast.amina)
    [line] = client.get(support_url(initiative)).context["gone"].lines
    assert str(line.because) == "stödet har stängt"


@pytest.mark.parametrize("cause", [cause for cause in Gone.values if cause != Gone.OFFER_CLOSED])
def test_every_cause_is_said_from_both_sides(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, cause: str
) -> None:
    suggest(initiative, offer, "offer")
    go(suggest(initiative, offer, "initiative"), Gone(cause))
    because = {}
    for person, address in ((cast.amina, support_url(initiative)), (cast.ruth, cases_url(offer))):
        client.force_login(person)
        [line] = client.get(address).context["gone"].lines
        because[person] = str(line.because)
    # Each is told what is theirs and what is the other's; a new comparison is nobody's.
    assert (because[cast.amina] == because[cast.ruth]) == (cause == Gone.NEW_RUN)
    assert ("ert initiativ" in because[cast.amina]) == cause.startswith("initiative")
    assert ("ert stöd" in because[cast.ruth]) == cause.startswith("offer")


def test_what_is_hidden_now_is_not_named(client: Client, cast: Cast, offer: SupportOffer) -> None:
    hidden = InitiativeFactory(title="Hemlig", visibility="chosen")
    paused = InitiativeFactory(title="Pausad", paused=True)
    go(suggest(hidden, offer, "offer"), Gone.INITIATIVE_CHANGED)
    go(suggest(paused, offer, "offer"), Gone.INITIATIVE_CLOSED)
    client.force_login(cast.ruth)
    page = client.get(cases_url(offer)).content.decode()
    assert page.count("Ett initiativ som inte längre är publikt") == 2
    for secret in ("Hemlig", "Pausad", hidden.public_id, paused.public_id):
        assert secret not in page


def test_closed_support_is_not_named_and_overdue_support_is(
    client: Client, cast: Cast, initiative: Initiative
) -> None:
    closed = SupportOfferFactory(title="Stängt", closed=True)
    over = SupportOfferFactory(title="Tiden ute", opens_on="2019-01-01", closes_on="2020-01-01")
    for one in (closed, over):
        go(suggest(initiative, one, "initiative"), Gone.OFFER_CLOSED)
    client.force_login(cast.amina)
    page = client.get(support_url(initiative)).content.decode()
    assert "Ett stöd som inte längre är publikt</span> – stödet har stängt." in page
    assert "Tiden ute</span> – stödet har stängt." in page
    assert "Stängt</span>" not in page


def test_readers_are_told_and_leave_it_to_those_who_write(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    go(suggest(initiative, offer, "offer"), Gone.NEW_RUN)
    client.force_login(MembershipFactory(organisation=cast.foundation, role="reader").user)
    page = client.get(cases_url(offer)).content.decode()
    assert "Borta sedan du sist tittade" in page
    assert "Ok, jag har sett det" not in page
    assert client.post(cases_url(offer, "last-vad-som-forsvann/")).status_code == 403


def test_only_the_latest_are_named(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer
) -> None:
    for number, one in enumerate(SupportOfferFactory.create_batch(11)):
        go(suggest(initiative, one, "initiative"), ago=number)
    client.force_login(cast.amina)
    answer = client.get(support_url(initiative))
    assert len(answer.context["gone"].lines) == 10
    assert "Bara de senaste står med här." in answer.content.decode()


@pytest.mark.parametrize("side", ["initiative", "offer"])
def test_three_cost_no_more_questions_than_one(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched, side: Side
) -> None:
    def ready(number: int) -> None:
        offers = SupportOfferFactory.create_batch(number, organisation=cast.foundation)
        initiatives = InitiativeFactory.create_batch(number, organisation=cast.association)
        matched()
        for one, other in zip(offers, initiatives, strict=True):
            pair = (initiative, one) if side == "initiative" else (other, offer)
            go(suggest(*pair, side))

    person, address = {
        "initiative": (cast.amina, support_url(initiative)),
        "offer": (cast.ruth, cases_url(offer)),
    }[side]
    client.force_login(person)
    counts, lines = [], []
    for number in (1, 3):
        ready(number)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        counts.append(len(asked))
        lines.append(len(answer.context["gone"].lines))
    assert lines[0] == 1
    assert lines[1] >= 3
    assert counts[0] == counts[1]


# -- order -----------------------------------------------------------------------------------------


def test_a_new_order_of_what_was_opened_is_told_with_its_cause_until_somebody_says_ok(
    client: Client, cast: Cast, offer: SupportOffer, matched: Matched
) -> None:
    near, far, other = (
        InitiativeFactory(title="Nära"),
        InitiativeFactory(title="Långt bort", theme_codes=["climate"], change="Vi odlar.", description=""),
        InitiativeFactory(title="Oöppnat", theme_codes=["climate"], change="Vi lagar.", description=""),
    )
    matched()
    client.force_login(cast.ruth)
    url = cases_url(offer)
    told = "Ordningen har ändrats sedan du sist tittade"
    for one in (far, near):
        client.post(f"{url}{one.public_id}/oppnad/")
    assert shown_cases(client, url)[0] == "Nära"
    matched()
    assert told not in client.get(url).content.decode()
    # What nobody has opened may move as it likes.
    Initiative.objects.filter(pk=other.pk).update(theme_codes=near.theme_codes, revision=8)
    matched()
    assert told not in client.get(url).content.decode()
    Initiative.objects.filter(pk=near.pk).update(
        theme_codes=["climate"], target_group_codes=["older_people"], change="Annat.", description="",
        changed_at=timezone.now(), revision=8,
    )  # fmt: skip
    matched()
    order = shown_cases(client, url)
    assert order.index("Långt bort") < order.index("Nära")
    page = client.get(url).content.decode()
    assert told in page
    assert client.get(url).context["new_order"][0].startswith("allt jämfördes på nytt")
    assert client.get(url).context["new_order"][1:] == ["1 initiativ har ändrats"]
    # In another order nothing is said of it, and a reader leaves it to those who write.
    assert told not in client.get(f"{url}?sort=newest").content.decode()
    few = queries_for(client, url)
    client.post(f"{url}{other.public_id}/oppnad/")
    assert told in client.get(url).content.decode()
    assert queries_for(client, url) == few
    ok = cases_url(offer, "last-vad-som-forsvann/")
    reader = MembershipFactory(organisation=cast.foundation, role="reader").user
    client.force_login(reader)
    assert client.post(ok, {"order": "seen"}).status_code == 403
    client.force_login(cast.ruth)
    for _ in range(2):
        assert client.post(ok, {"order": "seen"}).status_code == 302
        assert told not in client.get(url).content.decode()
    SupportOffer.objects.filter(pk=offer.pk).update(
        target_group_codes=["older_people"], description="Annat.", changed_at=timezone.now(), revision=8
    )
    matched()
    order = shown_cases(client, url)
    assert order.index("Nära") < order.index("Långt bort")
    assert client.get(url).context["new_order"][1:] == ["ert stöd har ändrats"]


# -- my page ---------------------------------------------------------------------------------------


def test_my_page_counts_what_is_new(
    client: Client, cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    SupportOfferFactory(title="Ett till")
    hidden = InitiativeFactory(title="Hemlig", visibility="chosen")
    matched()
    suggest(hidden, offer)
    client.force_login(cast.amina)
    assert "2 nya förslag" in client.get("/min-sida/").content.decode()
    client.post(support_url(initiative, f"{offer.public_id}/oppnad/"))
    assert "1 nytt förslag" in client.get("/min-sida/").content.decode()
    client.force_login(cast.ruth)
    # A hidden initiative is in no number.
    assert "1 nytt förslag" in client.get("/min-sida/").content.decode()
    client.post(cases_url(offer, f"{initiative.public_id}/oppnad/"))
    assert "Inga nya förslag" in client.get("/min-sida/").content.decode()
    MatchSuggestion.objects.all().delete()
    assert "1 träff" in client.get("/min-sida/").content.decode()

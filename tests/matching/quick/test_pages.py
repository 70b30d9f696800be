"""Finding support without an account, as a visitor meets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from funders.models import SupportOffer
from innovators.models import Initiative, KeptDraft
from matching.engine.selectors import pair_explanation
from matching.quick import limits
from tests.cast import Cast
from tests.factories import SupportOfferFactory

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]

ASK, SAVE = "/hitta-stod/", "/hitta-stod/spara/"
TEXT = "Vi vill att unga som står utan jobb ska få ta första steget mot arbete i vår verkstad."
FULL = {"change": TEXT, "place": "Göteborg", "who": "association", "legal_entity": "yes", "kinds": ["grant"]}


def titles(answer: object) -> list[str]:
    return [card.title for card in answer.context["found"].cards]  # type: ignore[attr-defined]


@pytest.fixture
def young() -> SupportOffer:
    return SupportOfferFactory(title="Bidrag till unga på väg in i arbetslivet")


def test_asking_needs_no_token_and_saving_does(young: SupportOffer, matched: Matched) -> None:
    matched()
    strict = Client(enforce_csrf_checks=True)

    assert "csrftoken" not in strict.get(ASK).cookies
    answer = strict.post(ASK, FULL)

    assert answer.status_code == 200 and titles(answer)
    assert Client(enforce_csrf_checks=True).post(SAVE, FULL).status_code == 403
    token = str(answer.context["csrf_token"])
    assert strict.post(SAVE, {**FULL, "csrfmiddlewaretoken": token}).status_code == 302
    assert KeptDraft.objects.count() == 1


def test_two_sentences_give_support_with_reasons(
    client: Client, young: SupportOffer, matched: Matched
) -> None:
    SupportOfferFactory(
        title="Stöd till odling",
        description="Vi ger pengar till odlingslotter och bikupor på landet.",
        theme_codes=["environment"],
        target_group_codes=[],
    )
    matched()

    answer = client.post(ASK, FULL)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert titles(answer)[0] == young.title
    card = answer.context["found"].cards[0]
    assert card.why.reasons and any("Göteborg" in reason for reason in card.why.reasons)
    assert all(reason in page.replace("&#x27;", "'") for reason in card.why.reasons)
    assert not re.search(r"\d\s?%", page), "a fit is told in words"
    assert TEXT in page, "what was typed is still in the field"
    assert answer.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("We want young people without a job to get their first employment in our workshop", "sv"),
        ("Barn ska få låna instrument och spela musik efter skolan", "en"),
    ],
)
def test_languages_meet(client: Client, matched: Matched, text: str, first: str) -> None:
    rules = {"theme_codes": None, "target_group_codes": None, "eligible_kinds": None, "area_codes": None}
    offers = {
        "sv": SupportOfferFactory(title="Unga i arbete", description="För arbetslösa ungdomar.", **rules),
        "en": SupportOfferFactory(
            title="Music for children",
            description="Instruments and music lessons for pupils after school.",
            language="en",
            **rules,
        ),
    }
    matched()

    assert titles(client.post(ASK, {"change": text}))[0] == offers[first].title


def test_the_numbers_are_those_of_the_draft_it_becomes(
    client: Client, cast: Cast, young: SupportOffer, matched: Matched
) -> None:
    """What a visitor is told is what their draft is told of the same offer."""
    matched()
    quick = client.post(ASK, FULL).context["found"].cards[0].why
    client.force_login(cast.amina)
    client.post(SAVE, FULL)

    draft = pair_explanation(Initiative.objects.get(), young)

    assert draft is not None
    assert (quick.verdict, quick.band, quick.reasons) == (draft.verdict, draft.band, draft.reasons)
    assert quick.fit == pytest.approx(draft.fit, abs=1e-4)


def test_only_what_is_open_and_public_is_shown(client: Client, young: SupportOffer, matched: Matched) -> None:
    today = timezone.localdate()
    SupportOfferFactory(title="Ett utkast", draft=True)
    SupportOfferFactory(title="Pausat", paused=True)
    SupportOfferFactory(title="Öppnar sen", opens_on=today + timedelta(days=9))
    SupportOfferFactory(title="Stängt", closes_on=today - timedelta(days=1))
    soon_gone = SupportOfferFactory(title="Dras snart tillbaka")
    matched()
    assert set(titles(client.post(ASK, FULL))) == {young.title, soon_gone.title}

    # Withdrawn a moment ago: this process has not seen it, and it is not shown.
    SupportOffer.objects.filter(pk=soon_gone.pk).update(state="paused")

    page = client.post(ASK, FULL)
    assert titles(page) == [young.title]
    assert soon_gone.title not in page.content.decode()


def test_the_next_question_is_answered_in_place(client: Client, matched: Matched) -> None:
    for place in range(3):
        SupportOfferFactory(title=f"Kräver nummer {place}")
    matched()
    said = {"change": TEXT, "place": "Göteborg", "who": "", "kinds": ["grant"]}
    answer = client.post(ASK, said)
    found = answer.context["found"]
    assert found.question is not None
    name = found.question.field
    page = answer.content.decode()
    assert f'name="{name}"' in page
    assert "En fråga till" in page

    value = {"who": "association", "legal_entity": "yes", "started_on": "2020-01-01"}[name]
    after = client.post(ASK, {**said, name: value})

    again = after.context["found"].question
    assert again is None or again.field != name
    # It stays in the form, so that the next answer does not lose it.
    assert f'name="{name}"' in after.content.decode()


def test_what_would_help_is_told(client: Client, young: SupportOffer, matched: Matched) -> None:
    for place in range(2):
        SupportOfferFactory(title=f"Bidrag i Dalarna {place}", area_codes=["SE-20"])
    matched()

    answer = client.post(ASK, FULL)

    steps = {step.sentence: step.number for step in answer.context["found"].steps}
    assert steps == {"Om ni också arbetar i Dalarna": 2}
    page = answer.content.decode()
    assert "Om ni också arbetar i Dalarna" in page and "2 stöd till" in page


def test_where_nothing_fits_there_is_a_person(client: Client, matched: Matched) -> None:
    SupportOfferFactory(title="Bara för kommuner", eligible_kinds=["municipality"])
    matched()

    answer = client.post(ASK, FULL)
    page = answer.content.decode()

    assert titles(answer) == []
    assert "Inget öppet stöd passar än" in page
    assert "Prata med en människa" in page
    assert "/kontakt/" in page and "/lovande/" in page
    assert answer.context["found"].stops == [("Slags organisation", 1)]
    assert "Spara det du skrev" in page, "the text is worth saving all the same"


def test_before_the_first_run_it_says_so_and_keeps_the_text(client: Client) -> None:
    page = client.post(ASK, FULL).content.decode()

    assert "Vi kan inte leta just nu" in page
    assert TEXT in page


def test_a_place_nobody_knows_is_told_and_not_an_error(
    client: Client, young: SupportOffer, matched: Matched
) -> None:
    matched()

    answer = client.post(ASK, {**FULL, "place": "Bullerbyn"})

    assert answer.status_code == 200
    assert "någon plats som heter ”Bullerbyn”" in answer.content.decode()
    assert titles(answer)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "Skriv en mening eller två om vad ni vill förändra."),
        ({"change": "  "}, "Skriv en mening eller två om vad ni vill förändra."),
        ({"change": "a" * 601}, "Korta texten till 600 tecken"),
        ({"change": TEXT, "amount": "jättemycket"}, "Skriv summan som ett tal"),
    ],
)
def test_errors_say_what_to_do_and_lose_nothing(client: Client, said: dict[str, str], told: str) -> None:
    for address in (ASK, SAVE):
        answer = client.post(address, {**said, "place": "Luleå"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "<title>Fel: " in page
        assert told in page
        assert 'value="Luleå"' in page
        assert said.get("change", "").strip() in page
        assert said.get("amount", "") in page
    assert not KeptDraft.objects.exists()


def test_too_often_is_told_plainly_and_loses_nothing(
    client: Client, young: SupportOffer, matched: Matched, monkeypatch: pytest.MonkeyPatch
) -> None:
    matched()
    monkeypatch.setattr(limits, "ASKING", limits.Limit("ask", 2, 300))
    assert [client.post(ASK, FULL).status_code for _ in range(2)] == [200, 200]

    answer = client.post(ASK, FULL)

    assert answer.status_code == 429
    assert "Vänta fem minuter" in answer.content.decode()
    assert TEXT in answer.content.decode() and 'value="Göteborg"' in answer.content.decode()
    assert client.get(ASK).status_code == 200


def test_a_form_sent_twice_makes_one_draft(client: Client, cast: Cast) -> None:
    client.force_login(cast.amina)
    twice = {**FULL, "key": "6f1f0a0e-7f0f-4f3a-9d3f-0d3f6a1c2b3d"}

    first, second = client.post(SAVE, twice), client.post(SAVE, twice)

    made = Initiative.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == f"/initiativ/{made.public_id}/svar/"
    assert (made.change, made.area_codes, made.legal_entity) == (TEXT, ["SE-1480"], "yes")
    assert made.organisation == cast.association
    assert not KeptDraft.objects.exists()


def test_saving_without_an_account_leads_to_sign_up(client: Client) -> None:
    answer = client.post(SAVE, FULL)

    assert answer.headers["Location"] == "/konto/skapa/?next=%2Fhitta-stod%2Fsparat%2F"
    page = client.get(answer.headers["Location"]).content.decode()
    assert "Det du skrev är sparat i sju dagar" in page
    assert client.get("/hitta-stod/sparat/").headers["Location"].startswith("/konto/logga-in/")
    assert KeptDraft.objects.get().answers["change"] == TEXT


@pytest.mark.parametrize(
    ("typed", "option"),
    [
        ("göteb", 'value="Göteborgs kommun"'),
        ("skåne", 'value="Skåne län"'),
        ("4150", 'value="41500"'),
        ("415 0", 'value="415 00"'),
    ],
)
def test_places_are_offered_while_typing(client: Client, typed: str, option: str) -> None:
    assert option in client.get("/hitta-stod/platser/", {"place": typed}).content.decode()


def test_without_a_script_places_are_in_the_page(client: Client) -> None:
    page = client.get(ASK).content.decode()

    assert '<option value="Hjo"></option>' in page and '<option value="Skåne län"></option>' in page


def test_the_start_page_asks_the_question(client: Client) -> None:
    for address, leads_to in (("/", ASK), ("/en/", "/en/find-support/")):
        page = client.get(address).content.decode()
        assert f'action="{leads_to}#answer"' in page
        assert '<textarea name="change"' in page


def test_english_from_beginning_to_end(client: Client, young: SupportOffer, matched: Matched) -> None:
    matched()
    page = client.post("/en/find-support/", FULL).content.decode()

    assert "This may fit you" in page
    assert "Save what you wrote" in page
    assert 'lang="sv"' in page, "the offer speaks Swedish, and says so"


def test_more_offers_cost_no_more_queries(client: Client, young: SupportOffer, matched: Matched) -> None:
    matched()
    client.post(ASK, FULL)
    one = _queries(client)
    for place in range(4):
        SupportOfferFactory(title=f"Ett till {place}")
    matched()
    client.post(ASK, FULL)

    assert _queries(client) == one


def _queries(client: Client) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        client.post(ASK, FULL)
    return len(asked)

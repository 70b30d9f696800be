"""The pages a giver fills in: what is stored, what bad input gets, that nothing is lost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brygga.organisations.models import Organisation
from funders.models import OfferContact, SupportOffer
from funders.questions import OFFER_QUESTIONS
from tests.cast import Cast
from tests.factories.offers import SupportOfferFactory
from tests.funders.conftest import answer, marks, question, signed_in

pytestmark = pytest.mark.django_db


def stored(offer: SupportOffer) -> SupportOffer:
    return SupportOffer.objects.get(pk=offer.pk)


# -- the first page --------------------------------------------------------------------------------


def test_start_with_own_organisation_twice_makes_one(cast: Cast, as_ruth: Client) -> None:
    page = as_ruth.get(reverse("funders:create"))
    typed = {"owner": cast.foundation.public_id, "key": str(page.context["form"].initial["key"])}
    first = as_ruth.post(reverse("funders:create"), typed)
    second = as_ruth.post(reverse("funders:create"), typed)
    offer = SupportOffer.objects.get()
    assert offer.organisation == cast.foundation
    assert first.url == second.url == reverse("funders:tasks", args=[offer.public_id])


def test_start_as_a_private_person(cast: Cast, as_ruth: Client) -> None:
    as_ruth.post(reverse("funders:create"), {"owner": "alone"})
    assert SupportOffer.objects.get().organisation.kind == "individual"


def test_start_with_a_new_organisation(cast: Cast, as_ruth: Client) -> None:
    as_ruth.post(
        reverse("funders:create"),
        {
            "owner": "new",
            "organisation_name": "Hamnbolaget",
            "organisation_kind": "company",
            "organisation_number": "556036-0793",
        },
    )
    made = SupportOffer.objects.get().organisation
    assert (made.name, made.kind, made.number, made.is_verified) == (
        "Hamnbolaget",
        "company",
        "5560360793",
        False,
    )


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, {"owner"}),
        ({"owner": "nonsense"}, {"owner"}),
        ({"owner": "new"}, {"organisation_name", "organisation_kind"}),
        (
            {
                "owner": "new",
                "organisation_name": "A",
                "organisation_kind": "company",
                "organisation_number": "12",
            },
            {"organisation_number"},
        ),
        (
            {
                "owner": "new",
                "organisation_name": "A",
                "organisation_kind": "company",
                "organisation_number": "811218-9876",
            },
            {"organisation_number"},
        ),
    ],
)
def test_start_says_what_is_wrong(as_ruth: Client, typed: dict[str, str], fields: set[str]) -> None:
    before = Organisation.objects.count()
    answered = as_ruth.post(reverse("funders:create"), typed)
    assert answered.status_code == 422
    assert set(answered.context["form"].errors) == fields
    assert Organisation.objects.count() == before
    assert not SupportOffer.objects.exists()


# -- one question a page ---------------------------------------------------------------------------

# Question, what is typed, and what is stored from it.
ANSWERS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("title", {"title": "Tom butik"}, {"title": "Tom butik"}),
    ("description", {"description": "En rad\r\ntill"}, {"description": "En rad\ntill"}),
    ("capacity", {"capacity": "5 st"}, {"capacity": 5}),
    ("capacity", {"unknown": "on"}, {"capacity": None}),
    (
        "who",
        {"eligible_kinds": ["association", "company"], "eligible_kinds_apply_to": "all"},
        {"eligible_kinds": ["association", "company"], "eligible_kinds_apply_to": "all"},
    ),
    ("who", {"eligible_kinds": ["none"]}, {"eligible_kinds": [], "eligible_kinds_apply_to": "lead"}),
    ("who", {"eligible_kinds": ["unknown"]}, {"eligible_kinds": None}),
    ("must-include", {"must_include_kinds": ["municipality"]}, {"must_include_kinds": ["municipality"]}),
    ("must-include", {"must_include_kinds": ["none"]}, {"must_include_kinds": []}),
    ("together", {"consortium_required": "yes"}, {"consortium_required": True}),
    ("together", {"consortium_required": "no"}, {"consortium_required": False}),
    ("together", {"consortium_required": "unknown"}, {"consortium_required": None}),
    ("legal", {"legal_entity_required": "no"}, {"legal_entity_required": False}),
    ("age", {"min_age_months": "24"}, {"min_age_months": 24}),
    ("age", {"min_age_months": "0"}, {"min_age_months": 0}),
    ("age", {"min_age_months": "unknown"}, {"min_age_months": None}),
    (
        "co-funding",
        {"co_funding_percent": "20 %", "is_must": "on"},
        {"co_funding_percent": 20, "strict": ["co_funding"]},
    ),
    (
        "declined",
        {"forms_not_accepted": ["none_yet", "lasting_enterprise"]},
        {"forms_not_accepted": ["none_yet", "lasting_enterprise"]},
    ),
    ("declined", {"forms_not_accepted": ["none"]}, {"forms_not_accepted": []}),
    (
        "places",
        {"places": "Göteborg, Skåne\nSjuhärad"},
        {"area_codes": ["SE-1480", "SE-12"], "area_words": ["Sjuhärad"]},
    ),
    ("places", {"anywhere": "on"}, {"area_codes": [], "area_words": []}),
    ("places", {"unknown": "on"}, {"area_codes": None, "area_words": []}),
    (
        "themes",
        {"chosen": ["employment"], "is_must": "on"},
        {"theme_codes": ["employment"], "strict": ["themes"]},
    ),
    ("themes", {"all_welcome": "on"}, {"theme_codes": [], "strict": []}),
    ("themes", {"unknown": "on"}, {"theme_codes": None}),
    ("target-groups", {"other_words": "Cyklister i Hjo"}, {"target_group_words": ["Cyklister i Hjo"]}),
    (
        "process",
        {"process_parts": ["develop"], "is_must": "on"},
        {"process_parts": ["develop"], "strict": ["process_parts"]},
    ),
    ("process", {"process_parts": ["none"]}, {"process_parts": []}),
    ("drivers", {"driver_codes": ["belonging"]}, {"driver_codes": ["belonging"]}),
    (
        "times",
        {"opens_on": "1 mars 2027", "closes_on": "2027-03-31", "decision_on": "1/5 2027"},
        {"opens_on": date(2027, 3, 1), "closes_on": date(2027, 3, 31), "decision_on": date(2027, 5, 1)},
    ),
    ("times", {"rolling": "on"}, {"opens_on": None, "closes_on": None}),
    (
        "apply",
        {"apply_way": "own_form", "apply_url": "www.exempel.se/sok", "how_to_apply": "Fyll i."},
        {"apply_way": "own_form", "apply_url": "https://www.exempel.se/sok", "how_to_apply": "Fyll i."},
    ),
    (
        "last-time",
        {"applied_last": "80 st", "supported_last": "12"},
        {"applied_last": 80, "supported_last": 12},
    ),
    ("hours", {"hours_to_apply": "2,5 h"}, {"hours_to_apply": 3}),
    ("answer-days", {"answer_days": "30 dagar"}, {"answer_days": 30}),
    ("language", {"language": "en", "is_must": "on"}, {"language": "en", "strict": ["language"]}),
    ("second-language", {"title_second": "An empty shop"}, {"title_second": "An empty shop"}),
]


@pytest.mark.parametrize(("slug", "typed", "expected"), ANSWERS)
def test_answer_is_stored_and_read_back(
    as_ruth: Client, draft: SupportOffer, slug: str, typed: dict[str, Any], expected: dict[str, Any]
) -> None:
    answered = answer(as_ruth, draft, slug, **typed)
    assert answered.status_code == 302, answered.context["form"].errors
    offer = stored(draft)
    assert {name: getattr(offer, name) for name in expected} == expected
    assert offer.answered == [slug]
    # Shown again, the page starts from the answer; saving it untouched changes nothing.
    form = as_ruth.get(question(draft, slug)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in shown.items() if value not in (None, False, "", [])}
    assert answer(as_ruth, draft, slug, **kept).status_code == 302
    again = stored(draft)
    assert {name: getattr(again, name) for name in expected} == expected


def test_every_question_is_tried(as_ruth: Client) -> None:
    tried = {slug for slug, _typed, _expected in ANSWERS} | {"support", "contact", "methods", "kinds"}
    assert tried == {one.slug for one in OFFER_QUESTIONS}


def test_must_of_other_questions_stays(as_ruth: Client, draft: SupportOffer) -> None:
    answer(as_ruth, draft, "themes", chosen=["employment"], is_must="on")
    answer(as_ruth, draft, "process", process_parts=["develop"], is_must="on")
    assert stored(draft).strict == ["process_parts", "themes"]
    answer(as_ruth, draft, "themes", chosen=["employment"])
    assert stored(draft).strict == ["process_parts"]


def test_empty_answer_reopens_the_question(as_ruth: Client, draft: SupportOffer) -> None:
    answer(as_ruth, draft, "who", eligible_kinds=["company"])
    assert stored(draft).answered == ["who"]
    answer(as_ruth, draft, "who", eligible_kinds_apply_to="lead")
    assert (stored(draft).answered, stored(draft).eligible_kinds) == ([], None)


def test_contact_is_kept_apart(as_ruth: Client, draft: SupportOffer) -> None:
    answer(as_ruth, draft, "contact", name="Ruth", email="ruth@exempel.example", phone="070-123 45 67")
    contact = OfferContact.objects.get(offer=draft)
    assert (contact.name, contact.email, contact.phone) == ("Ruth", "ruth@exempel.example", "070-123 45 67")


def test_lines_in_the_words_of_everyday(as_ruth: Client, draft: SupportOffer) -> None:
    answered = answer(
        as_ruth,
        draft,
        "support",
        row_count="2",
        row0_kind="grant",
        row0_amount_min="50 tkr",
        row0_amount_max="1,5 mnkr",
        row1_kind="mentoring",
        row1_hours="20 tim",
        is_must="on",
    )
    assert answered.status_code == 302, answered.context["form"].errors
    lines = draft.support.order_by("position").values_list("kind", "amount_min", "amount_max", "hours")
    assert list(lines) == [("grant", 50_000, 1_500_000, None), ("mentoring", None, None, 20)]
    assert stored(draft).strict == ["amount"]


@pytest.mark.parametrize(("slug", "field"), [("description", "description"), ("apply", "how_to_apply")])
def test_long_texts_get_advice_and_are_saved(
    as_ruth: Client, draft: SupportOffer, slug: str, field: str
) -> None:
    text = "Stödmottagarens verksamhetsutveckling förutsätter kompetensförsörjning och " * 8
    assert answer(as_ruth, draft, slug, **{field: text}).status_code == 302
    page = as_ruth.get(question(draft, slug)).content.decode()
    assert "Svår att läsa (lix" in page
    assert getattr(stored(draft), field).strip() == text.strip()


def test_rows_are_added_and_removed_without_script(as_ruth: Client, draft: SupportOffer) -> None:
    more = answer(as_ruth, draft, "support", row_count="1", row0_kind="grant", add_row="1")
    assert more.status_code == 200
    assert [row[0] for row in more.context["form"].numbered_rows()] == [0, 1]
    less = answer(
        as_ruth, draft, "support", row_count="2", row0_kind="grant", row1_kind="loan", remove_row="0"
    )
    assert less.context["form"]["row0_kind"].value() == "loan"
    assert not draft.support.exists()


# Question, what is typed, the field that is wrong, and a text that must still stand on the page.
BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("title", {"title": "y" * 121}, "title", "y" * 121),
    ("capacity", {"capacity": "många"}, "capacity", "många"),
    ("capacity", {"capacity": "5", "unknown": "on"}, "unknown", 'value="5"'),
    ("who", {"eligible_kinds": ["association", "none"]}, "eligible_kinds", 'value="association"'),
    ("who", {"eligible_kinds": ["club"]}, "eligible_kinds", ""),
    ("together", {"consortium_required": "perhaps"}, "consortium_required", ""),
    ("age", {"min_age_months": "-3"}, "min_age_months", ""),
    ("co-funding", {"co_funding_percent": "120"}, "co_funding_percent", "120"),
    ("co-funding", {"is_must": "on"}, "is_must", "checked"),
    ("places", {"places": "Lund", "anywhere": "on"}, "anywhere", "Lund"),
    ("themes", {"all_welcome": "on", "other_words": "Cykling"}, "all_welcome", "Cykling"),
    ("themes", {"is_must": "on"}, "is_must", "checked"),
    ("process", {"process_parts": ["first"]}, "process_parts", ""),
    ("times", {"closes_on": "imorgon"}, "closes_on", "imorgon"),
    ("times", {"opens_on": "2027-03-02", "closes_on": "2027-03-01"}, "closes_on", "2027-03-02"),
    ("times", {"rolling": "on", "closes_on": "2027-03-01"}, "rolling", "2027-03-01"),
    ("times", {"closes_on": "2027-03-01", "decision_on": "2027-02-01"}, "decision_on", "2027-02-01"),
    ("apply", {"apply_way": "own_form"}, "apply_url", ""),
    ("apply", {"apply_way": "own_form", "apply_url": "javascript:alert(1)"}, "apply_url", "javascript:alert"),
    ("apply", {"apply_way": "own_form", "apply_url": "ftp://exempel.se"}, "apply_url", "ftp://exempel.se"),
    ("last-time", {"applied_last": "8", "supported_last": "9"}, "supported_last", "9"),
    ("last-time", {"applied_last": "8"}, "supported_last", "8"),
    ("hours", {"hours_to_apply": "länge"}, "hours_to_apply", "länge"),
    ("answer-days", {"answer_days": "6"}, "answer_days", "6"),
    ("answer-days", {"answer_days": "91"}, "answer_days", "91"),
    ("answer-days", {"answer_days": "snart"}, "answer_days", "snart"),
    ("language", {"language": "de"}, "language", ""),
    ("contact", {"email": "inte en adress"}, "email", "inte en adress"),
    ("contact", {"phone": "ring mig"}, "phone", "ring mig"),
    ("support", {"row0_amount_max": "200 tkr"}, "row0_kind", "200 tkr"),
    ("support", {"row0_kind": "grant", "row0_amount_max": "en del"}, "row0_amount_max", "en del"),
    ("support", {"row0_kind": "mentoring", "row0_amount_max": "5000"}, "row0_amount_max", "5000"),
    (
        "support",
        {"row0_kind": "grant", "row0_amount_min": "9000", "row0_amount_max": "8000"},
        "row0_amount_max",
        "8000",
    ),
    ("support", {"row0_kind": "mentoring", "is_must": "on"}, "is_must", "checked"),
]


@pytest.mark.parametrize(("slug", "typed", "field", "kept"), BAD)
def test_bad_input_is_said_and_nothing_is_lost(
    as_ruth: Client, draft: SupportOffer, slug: str, typed: dict[str, Any], field: str, kept: str
) -> None:
    answered = answer(as_ruth, draft, slug, **typed)
    assert answered.status_code == 422
    assert list(answered.context["form"].errors) == [field]
    page = answered.content.decode()
    assert kept in page
    assert "<title>Fel: " in page
    assert (stored(draft).revision, stored(draft).answered) == (1, [])


def test_published_offer_says_that_it_needs_a_name(as_ruth: Client, published: SupportOffer) -> None:
    answered = answer(as_ruth, published, "title", title="")
    assert answered.status_code == 422
    assert list(answered.context["form"].errors) == ["title"]
    assert stored(published).title


# -- what it will mean -----------------------------------------------------------------------------


def test_rule_is_read_back_before_it_is_saved(as_ruth: Client, draft: SupportOffer) -> None:
    shown = answer(as_ruth, draft, "themes", chosen=["employment"], is_must="on", preview="1")
    assert shown.status_code == 200
    assert "Arbetet ska handla om jobb och arbetsmarknad." in shown.content.decode()
    assert stored(draft).theme_codes is None
    amounts = answer(
        as_ruth, draft, "support", row0_kind="grant", row0_amount_max="300 tkr", is_must="on", preview="1"
    )
    assert "Stödet är för den som behöver ett bidrag." in amounts.content.decode()
    assert "Summan du söker ska vara upp till 300" in amounts.content.decode()
    assert not draft.support.exists()


def test_every_rule_is_shown_on_some_question(as_ruth: Client) -> None:
    from funders.rules import RULES

    shown = {rule for one in OFFER_QUESTIONS for rule in getattr(one.form_class, "rules", ())}
    assert shown == set(RULES)


def test_answers_page_holds_the_rules_in_words(cast: Cast, as_ruth: Client) -> None:
    offer = SupportOfferFactory(organisation=cast.foundation)
    page = as_ruth.get(reverse("funders:check", args=[offer.public_id])).content.decode()
    assert "Den som leder ska vara en ideell förening, en stiftelse eller en ekonomisk förening" in page
    assert "Stödet får användas i Västra Götalands län." in page


# -- two people, and people who come back ----------------------------------------------------------


def test_two_people_at_the_same_answer(cast: Cast, as_ruth: Client, draft: SupportOffer) -> None:
    mine = marks(draft, "title", as_ruth)
    answer(as_ruth, draft, "title", title="Deras namn")
    conflict = as_ruth.post(question(draft, "title"), {**mine, "title": "Mitt namn"})
    assert conflict.status_code == 409
    assert "Deras namn" in conflict.content.decode()
    assert "Mitt namn" in conflict.content.decode()
    assert stored(draft).title == "Deras namn"


def test_text_survives_a_session_that_ended(cast: Cast, draft: SupportOffer) -> None:
    client = Client()
    away = client.post(question(draft, "description"), {"description": "Lång text"})
    assert away.status_code == 302
    client.force_login(cast.ruth)
    assert "Lång text" in client.get(question(draft, "description")).content.decode()


# -- publishing ------------------------------------------------------------------------------------


def test_publish_from_the_answers_page_twice(cast: Cast, as_ruth: Client) -> None:
    answered = ["title", "description", "support", "places"]
    offer = SupportOfferFactory(organisation=cast.foundation, draft=True, answered=answered)
    publish = reverse("funders:publish", args=[offer.public_id])
    receipt = reverse("funders:published", args=[offer.public_id])
    assert [as_ruth.post(publish).url for _ in range(2)] == [receipt, receipt]
    assert as_ruth.get(receipt).status_code == 200
    assert stored(offer).state == "published"


def test_publishing_too_early_names_what_is_missing(as_ruth: Client, draft: SupportOffer) -> None:
    refused = as_ruth.post(reverse("funders:publish", args=[draft.public_id]))
    assert refused.status_code == 422
    assert len(refused.context["missing"]) == 4
    assert stored(draft).state == "draft"


@pytest.mark.parametrize(("verb", "state"), [("pause", "paused"), ("close", "closed")])
def test_pause_and_close_ask_first(as_ruth: Client, published: SupportOffer, verb: str, state: str) -> None:
    page = reverse(f"funders:{verb}", args=[published.public_id])
    assert as_ruth.get(page).status_code == 200
    assert stored(published).state == "published"
    for _ in range(2):
        assert as_ruth.post(page).status_code == 302
    assert stored(published).state == state


def test_draft_is_deleted_after_asking(as_ruth: Client, draft: SupportOffer) -> None:
    page = reverse("funders:delete", args=[draft.public_id])
    assert as_ruth.get(page).status_code == 200
    assert as_ruth.post(page).url == reverse("funders:mine")
    assert not SupportOffer.objects.exists()
    assert as_ruth.post(page).status_code == 404


# -- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tasks", "check", "publish", "pause", "close", "delete"])
def test_strangers_meet_404_and_readers_403(
    cast: Cast, as_reader: Client, published: SupportOffer, name: str
) -> None:
    page = reverse(f"funders:{name}", args=[published.public_id])
    for client, status in ((signed_in(cast.sara), 404), (as_reader, 403)):
        assert client.get(page).status_code == status
        if name not in ("tasks", "check"):
            assert client.post(page).status_code == status
    assert Client().get(page).status_code == 302
    assert stored(published).state == "published"


def test_strangers_cannot_answer(cast: Cast, as_reader: Client, published: SupportOffer) -> None:
    for client, status in ((signed_in(cast.sara), 404), (as_reader, 403)):
        assert client.get(question(published, "title")).status_code == status
        assert client.post(question(published, "title"), {"title": "Kapad"}).status_code == status
    assert as_reader.get(question(published, "nothing")).status_code == 404


# -- every page in both languages ------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_question_has_a_page(as_ruth: Client, published: SupportOffer, language: str) -> None:
    from django.utils.translation import override

    with override(language):
        pages = [question(published, one.slug) for one in OFFER_QUESTIONS]
        pages += [reverse(f"funders:{name}") for name in ("create", "mine", "questions", "questions-text")]
        pages += [reverse(f"funders:{name}", args=[published.public_id]) for name in ("tasks", "check")]
    for page in pages:
        answered = as_ruth.get(page)
        assert answered.status_code == 200, page
        assert answered.headers["Content-Language"] == language


def test_own_list_has_a_constant_number_of_queries(
    cast: Cast, as_ruth: Client, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (1, 2):
        for _ in range(number):
            SupportOfferFactory(organisation=cast.foundation)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            as_ruth.get(reverse("funders:mine"))
        counts.append(len(queries))
    assert counts[0] == counts[1]

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from brygga.organisations.models import Organisation
from innovators.models import Initiative
from innovators.questions import INITIATIVE_QUESTIONS
from tests.cast import Cast
from tests.factories.initiatives import InitiativeFactory
from tests.factories.people import UserFactory
from tests.innovators.conftest import marks, signed_in

START = "/initiativ/nytt/"
CANARY = "kanarie@hemlig.example"
REQUIRED = ["title", "change", "places", "themes", "needs"]


def url(name: str, initiative: Initiative, *more: str) -> str:
    return reverse(f"innovators:{name}", args=[initiative.public_id, *more])


def post(client: Client, initiative: Initiative, slug: str, **data: Any) -> Any:
    return client.post(url("question", initiative, slug), {**marks(initiative, slug, client), **data})


def said(response: Any) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


# -- the first page --------------------------------------------------------------------------------


def start_data(**more: Any) -> dict[str, Any]:
    return {
        "change": "Alla barn ska få simma.",
        "title": "",
        "owner": "group",
        "key": str(uuid.uuid4()),
    } | more


def test_what_a_visitor_writes_survives_signing_in(db: None) -> None:
    client = Client()
    assert client.get(START).status_code == 200
    answer = client.post(START, start_data(title="Simskolan"))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert "Alla" not in answer.url
    assert not Initiative.objects.exists()
    user = UserFactory()
    client.force_login(user)
    page = client.get(START)
    assert page.context["form"]["change"].value() == "Alla barn ska få simma."
    assert "Simskolan" in page.content.decode()
    form = page.context["form"]
    saved = client.post(START, {name: form[name].value() or "" for name in form.fields})
    made = Initiative.objects.get()
    assert (saved.status_code, saved.url) == (302, url("tasks", made))
    assert (made.change, made.title, made.organisation.kind) == (
        "Alla barn ska få simma.",
        "Simskolan",
        "informal_group",
    )
    # Cleared after use: the next visit starts empty.
    assert not client.get(START).context["form"].is_bound


def test_the_first_form_sent_twice_makes_one_of_everything(cast: Cast) -> None:
    client = signed_in(cast.sara)
    data = start_data(owner="new", organisation_name="Simklubben Delfinen", organisation_kind="association")
    first, second = client.post(START, data), client.post(START, data)
    made = Initiative.objects.get()
    assert first.url == second.url == url("tasks", made)
    assert Organisation.objects.filter(name="Simklubben Delfinen").count() == 1


def test_a_draft_may_be_empty(cast: Cast) -> None:
    answer = signed_in(cast.amina).post(START, {"owner": cast.association.public_id})
    made = Initiative.objects.get()
    assert (answer.status_code, made.organisation, made.title, made.change) == (302, cast.association, "", "")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"owner": "nobody"},
        {"owner": "new"},
        {"owner": "new", "organisation_name": "X", "organisation_kind": "individual"},
        {"owner": "group", "change": "x" * 601},
        {"owner": "group", "title": "x" * 121},
        {"owner": "group", "key": "not-a-uuid"},
    ],
)
def test_a_wrong_first_form_comes_back_with_what_was_typed(cast: Cast, data: dict[str, str]) -> None:
    data = {"change": "Mina ord", **data}
    for client in (signed_in(cast.amina), Client()):
        answer = client.post(START, data)
        assert answer.status_code == 422
        assert data["change"] in answer.content.decode()
        assert "<title>Fel:" in answer.content.decode()
    assert not Initiative.objects.exists()


def test_another_organisations_name_is_not_offered_or_accepted(cast: Cast) -> None:
    answer = signed_in(cast.amina).post(START, {"owner": cast.outsiders.public_id})
    assert answer.status_code == 422
    assert "Utanför AB" not in answer.content.decode()


# -- task list and questions -----------------------------------------------------------------------


def test_every_question_can_be_opened_saved_empty_and_checked(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.erik)
    for question in INITIATIVE_QUESTIONS:
        page = client.get(url("question", draft, question.slug))
        assert page.status_code == 200, question.slug
        answer = post(client, draft, question.slug)
        assert answer.status_code == 302, question.slug
    draft.refresh_from_db()
    # Who may see it always has an answer: the default one, once it has been looked at.
    assert set(draft.answered) <= {"visibility"}
    assert client.get(url("tasks", draft)).status_code == 200
    assert client.get(url("check", draft)).status_code == 200


def test_saving_goes_on_to_the_next_question_or_back_to_the_list(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    onward = post(client, draft, "change", change="Simma")
    assert onward.url == url("question", draft, "title")
    back = post(client, draft, "title", title="Simskolan", save_later="1")
    assert back.url == url("tasks", draft)
    assert said(back)[0].startswith("Sparat ")
    from_check = client.post(
        url("question", draft, "title") + "?from=check",
        {**marks(draft, "title", client), "title": "Simskola"},
    )
    assert from_check.url == url("check", draft)
    page = client.get(url("tasks", draft)).content.decode()
    assert "2 av 24 frågor klara" in page


def test_who_manages_members_is_led_to_inviting_a_co_editor(cast: Cast, draft: Initiative) -> None:
    invite = reverse("organisations:invite", args=[cast.association.public_id])
    assert invite in signed_in(cast.amina).get(url("tasks", draft)).content.decode()
    assert invite not in signed_in(cast.erik).get(url("tasks", draft)).content.decode()


def test_dont_know_yet_is_an_answer_of_its_own(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    post(client, draft, "places", unknown="on")
    post(client, draft, "process", process_parts="unknown")
    wrong = post(client, draft, "declined", forms_not_accepted="none", refusal_reasons=["no_debt"])
    assert wrong.status_code == 422
    assert "Ni har sagt varför. Välj också vilka former ni säger nej till." in wrong.content.decode()
    post(client, draft, "declined", forms_not_accepted=["loan"], refusal_reasons=["no_debt"])
    draft.refresh_from_db()
    assert (draft.forms_not_accepted, draft.refusal_reasons) == (["loan"], ["no_debt"])
    post(client, draft, "declined", forms_not_accepted="none")
    draft.refresh_from_db()
    assert (draft.area_codes, draft.process_parts, draft.forms_not_accepted) == (None, None, [])
    assert draft.answered == ["places", "process", "declined"]
    assert client.get(url("question", draft, "places")).context["form"].initial["unknown"] is True
    page = client.get(url("check", draft)).content.decode()
    assert page.count("Vet inte än") >= 2
    assert "Vi är öppna för alla former" in page


def test_dont_know_and_an_answer_together_is_refused_and_nothing_lost(cast: Cast, draft: Initiative) -> None:
    answer = post(signed_in(cast.amina), draft, "places", places="Borås", unknown="on")
    assert answer.status_code == 422
    assert "Borås" in answer.content.decode()


def test_places_are_understood_and_the_rest_is_kept_and_said(cast: Cast, draft: Initiative) -> None:
    answer = post(signed_in(cast.amina), draft, "places", places="Göteborg, Sjuhärad\nSkåne län\n45130")
    draft.refresh_from_db()
    assert (draft.area_codes, draft.area_words) == (["SE-1480", "SE-12", "SE-1485"], ["Sjuhärad"])
    assert any("Sjuhärad" in text for text in said(answer))


def test_free_words_become_terms_or_stay_words(cast: Cast, draft: Initiative) -> None:
    answer = post(
        signed_in(cast.amina),
        draft,
        "themes",
        chosen=["employment"],
        other_words="cirkulär ekonomi, blåvalar",
    )
    draft.refresh_from_db()
    assert (draft.theme_codes, draft.theme_words) == (["employment", "circular_economy"], ["blåvalar"])
    assert any("blåvalar" in text for text in said(answer))


def test_contact_details_in_a_text_are_hidden_kindly(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    answer = post(client, draft, "description", description=f"Ring inte, skriv till {CANARY}.")
    assert any(CANARY in text for text in said(answer))
    draft.refresh_from_db()
    assert CANARY not in draft.description
    # The owner still meets their own words.
    assert CANARY in client.get(url("question", draft, "description")).content.decode()
    assert CANARY in client.get(url("check", draft)).content.decode()


def test_rows_are_added_and_removed_without_saving(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    first = {"row0_kind": "grant", "row0_amount": "200 tkr", "row0_hours": ""}
    more = post(client, draft, "needs", add_row="1", **first)
    form = more.context["form"]
    assert (more.status_code, form.number_of_rows) == (200, 2)
    assert form["row0_amount"].value() == "200 tkr"
    second = {"row1_kind": "mentoring", "row1_amount": "", "row1_hours": "10 tim", "row_count": "2"}
    fewer = client.post(url("question", draft, "needs"), first | second | {"remove_row": "0"})
    assert fewer.context["form"]["row0_kind"].value() == "mentoring"
    assert draft.needs.count() == 0
    post(client, draft, "needs", **first, **second)
    assert list(draft.needs.order_by("position").values_list("kind", "amount", "hours")) == [
        ("grant", 200_000, None),
        ("mentoring", None, 10),
    ]
    draft.refresh_from_db()
    assert draft.needs_stated is True


@pytest.mark.parametrize(
    ("slug", "data"),
    [
        ("change", {"change": "x" * 601}),
        ("started", {"started_on": "i våras"}),
        ("needs", {"row0_kind": "", "row0_amount": "200"}),
        ("needs", {"row0_kind": "grant", "row0_amount": "många"}),
        ("needs", {"row0_kind": "mentoring", "row0_amount": "200"}),
        ("needs", {"row0_kind": "grant", "none_needed": "on"}),
        ("actors", {"row0_role": "hjälper till"}),
        ("links", {"links": "inte en adress"}),
        ("links", {"links": "ftp://exempel.se/fil"}),
        ("contact", {"email": "ingen adress"}),
        ("contact", {"phone": "ring!"}),
        ("visibility", {"visibility": "chosen", "shared_with": "Finns Inte AB"}),
        ("visibility", {"visibility": "nobody"}),
        ("process", {"process_parts": ["develop", "unknown"]}),
        ("people", {"participation": "ignored"}),
        ("themes", {"chosen": ["nonsense"]}),
    ],
)
def test_bad_input_comes_back_with_an_error_and_changes_nothing(
    cast: Cast, draft: Initiative, slug: str, data: dict[str, Any]
) -> None:
    answer = post(signed_in(cast.amina), draft, slug, **data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert "<title>Fel:" in page
    draft.refresh_from_db()
    assert (draft.revision, draft.answered) == (1, [])


def test_chosen_organisations_are_found_by_name(cast: Cast, draft: Initiative) -> None:
    data = {"visibility": "chosen", "shared_with": "stiftelsen västanvind"}
    assert post(signed_in(cast.amina), draft, "visibility", **data).status_code == 302
    assert list(draft.shared_with.all()) == [cast.foundation]


@pytest.mark.parametrize("count", ["", "abc", "-1", "99999999999", "999"])
def test_a_made_up_number_of_rows_does_no_harm(cast: Cast, draft: Initiative, count: str) -> None:
    answer = signed_in(cast.amina).post(
        url("question", draft, "needs"), {"row_count": count, "revision": "1"}
    )
    assert answer.status_code == 302


# -- two people ------------------------------------------------------------------------------------


def test_two_who_answer_the_same_question_see_both_answers(cast: Cast, draft: Initiative) -> None:
    amina, erik = signed_in(cast.amina), signed_in(cast.erik)
    seen = marks(draft, "title", amina)
    post(erik, draft, "title", title="Eriks namn")
    answer = amina.post(url("question", draft, "title"), {**seen, "title": "Aminas namn"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Eriks namn" in page
    assert "Aminas namn" in page
    draft.refresh_from_db()
    assert draft.title == "Eriks namn"
    # Saving again, now with both in sight, counts.
    form = answer.context["form"]
    again = amina.post(
        url("question", draft, "title"),
        {"revision": form["revision"].value(), "seen": form["seen"].value(), "title": "Aminas namn"},
    )
    draft.refresh_from_db()
    assert (again.status_code, draft.title) == (302, "Aminas namn")


def test_two_who_answer_different_questions_are_not_in_each_others_way(cast: Cast, draft: Initiative) -> None:
    amina, erik = signed_in(cast.amina), signed_in(cast.erik)
    seen = marks(draft, "title", amina)
    post(erik, draft, "change", change="Eriks förändring")
    answer = amina.post(url("question", draft, "title"), {**seen, "title": "Aminas namn"})
    draft.refresh_from_db()
    assert (answer.status_code, draft.title, draft.change) == (302, "Aminas namn", "Eriks förändring")


def test_text_survives_a_session_that_has_ended(cast: Cast, draft: Initiative) -> None:
    client = signed_in(cast.amina)
    data = {**marks(draft, "description", client), "description": "En lång kväll av skrivande."}
    client.logout()
    page = url("question", draft, "description")
    answer = client.post(page, data)
    assert answer.url.startswith(reverse("account_login"))
    client.force_login(cast.amina)
    assert client.get(page).context["form"]["description"].value() == "En lång kväll av skrivande."
    assert client.post(page, data).status_code == 302
    draft.refresh_from_db()
    assert draft.description == "En lång kväll av skrivande."


def test_kept_text_is_of_no_use_to_somebody_else(cast: Cast, draft: Initiative) -> None:
    client = Client()
    page = url("question", draft, "description")
    client.post(page, {"description": "Främmande text"})
    client.force_login(cast.sara)
    assert client.get(page).status_code == 404


# -- publish, pause, close, delete -----------------------------------------------------------------


def test_publishing_with_answers_missing_says_which(cast: Cast, draft: Initiative) -> None:
    answer = signed_in(cast.amina).post(url("publish", draft))
    assert answer.status_code == 422
    assert [one["title"] for one in answer.context["missing"]] == [
        "Förändringen ni vill se",
        "Namn",
        "Ämnen",
        "Var ni arbetar",
        "Vad ni behöver",
    ]
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_publishing_twice_is_publishing_once_and_gives_a_receipt(cast: Cast) -> None:
    ready = InitiativeFactory(organisation=cast.association, draft=True, answered=REQUIRED)
    client = signed_in(cast.amina)
    first, second = client.post(url("publish", ready)), client.post(url("publish", ready))
    assert first.url == second.url == url("published", ready)
    receipt = client.get(first.url).content.decode()
    assert ready.public_id in receipt
    ready.refresh_from_db()
    assert (ready.state, ready.revision) == ("published", 2)


def test_emptying_a_needed_answer_of_a_published_initiative_is_refused(cast: Cast) -> None:
    shown = InitiativeFactory(organisation=cast.association, answered=REQUIRED)
    client = signed_in(cast.amina)
    assert post(client, shown, "title", title="").status_code == 422
    assert post(client, shown, "places", places="").status_code == 422
    assert post(client, shown, "places", unknown="on").status_code == 302


@pytest.mark.parametrize(("verb", "state"), [("pause", "paused"), ("close", "closed")])
def test_pause_and_close_ask_first_and_twice_is_once(
    cast: Cast, published: Initiative, verb: str, state: str
) -> None:
    client = signed_in(cast.amina)
    assert client.get(url(verb, published)).status_code == 200
    published.refresh_from_db()
    assert published.state == "published"
    for _ in range(2):
        assert client.post(url(verb, published)).url == url("tasks", published)
    published.refresh_from_db()
    assert (published.state, published.revision) == (state, 2)


def test_a_draft_is_deleted_after_asking(cast: Cast, draft: Initiative, published: Initiative) -> None:
    client = signed_in(cast.amina)
    assert client.get(url("delete", draft)).status_code == 200
    assert Initiative.objects.filter(pk=draft.pk).exists()
    assert client.post(url("delete", draft)).url == reverse("innovators:mine")
    assert client.post(url("delete", draft)).status_code == 404
    assert client.post(url("delete", published)).url == url("tasks", published)
    assert Initiative.objects.filter(pk=published.pk).exists()


# -- who may ---------------------------------------------------------------------------------------

OWN_PAGES = ["tasks", "check", "publish", "published", "pause", "close", "delete"]


@pytest.mark.parametrize("page", OWN_PAGES)
def test_strangers_meet_404_and_readers_403_on_own_pages(
    cast: Cast, published: Initiative, page: str
) -> None:
    address = url(page, published)
    for verb in ("get", "post") if page in ("publish", "pause", "close", "delete") else ("get",):
        ask = getattr(Client(), verb)(address)
        assert (ask.status_code, ask.url.startswith(reverse("account_login"))) == (302, True)
        for stranger in (cast.sara, cast.ruth):
            assert getattr(signed_in(stranger), verb)(address).status_code == 404
        expected = 200 if page == "published" else 403
        assert getattr(signed_in(cast.rolf), verb)(address).status_code == expected
    published.refresh_from_db()
    assert published.state == "published"


@pytest.mark.parametrize("verb", ["get", "post"])
def test_strangers_meet_404_and_readers_403_on_questions(
    cast: Cast, published: Initiative, verb: str
) -> None:
    address = url("question", published, "title")
    assert getattr(signed_in(cast.sara), verb)(address, {"title": "Kapat"}).status_code == 404
    assert getattr(signed_in(cast.rolf), verb)(address, {"title": "Kapat"}).status_code == 403
    assert getattr(signed_in(cast.amina), verb)(url("question", published, "no-such"), {}).status_code == 404


# -- lists -----------------------------------------------------------------------------------------


def test_all_questions_can_be_read_and_downloaded_by_anybody(db: None) -> None:
    assert "Vad vill ni förändra?" in Client().get("/initiativ/alla-fragor/").content.decode()
    text = Client().get("/initiativ/alla-fragor.txt")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    assert "Vad vill ni förändra?" in text.content.decode()
    assert "What do you want to change?" in Client().get("/en/initiatives/all-questions/").content.decode()


@pytest.mark.parametrize("many", [1, 3])
def test_my_initiatives_take_the_same_queries_for_one_and_three(
    cast: Cast, django_assert_num_queries: Any, many: int
) -> None:
    InitiativeFactory.create_batch(many, organisation=cast.association, draft=True, published_at=None)
    InitiativeFactory(organisation=cast.outsiders)
    client = signed_in(cast.amina)
    client.get("/initiativ/mina/")
    with django_assert_num_queries(6):
        page = client.get("/initiativ/mina/")
    assert len(page.context["rows"]) == many


def test_a_person_without_initiatives_learns_how_to_begin(cast: Cast) -> None:
    assert "Du har inga initiativ än" in signed_in(cast.ruth).get("/initiativ/mina/").content.decode()

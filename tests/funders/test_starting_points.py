"""Ready-made beginnings: a draft with common answers, and no publishing while help is left in it."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from funders import services
from funders.models import SupportOffer
from funders.starting_points import STARTING_POINTS, answers_of, questions_with_help
from tests.cast import Cast
from tests.factories.offers import SupportOfferFactory

pytestmark = pytest.mark.django_db
TEXTS = ("title", "description", "how_to_apply")


@pytest.mark.parametrize("code", STARTING_POINTS)
def test_each_makes_a_valid_draft_in_both_languages(cast: Cast, code: str) -> None:
    texts = {}
    for language, opening in (("sv", "[Skriv här: "), ("en", "[Write here: ")):
        answers = answers_of(code, language)
        draft = services.create_offer(
            organisation=cast.foundation,
            actor=cast.ruth,
            now=timezone.now(),
            changes=answers,
            language=language,
        )
        draft.full_clean(exclude=["creation_key", "theme_codes"])
        assert draft.support.count() == len(answers["support"])
        assert {"title", "description", "support", "who", "legal", "hours", "apply"} <= set(draft.answered)
        assert not {"places", "times", "contact"} & set(draft.answered)
        # Nothing was taken for contact details and hidden.
        assert [getattr(draft, name) for name in TEXTS] == [answers[name] for name in TEXTS]
        assert questions_with_help(draft)[:2] == ["title", "description"]
        assert opening in draft.title
        texts[language] = [answers[name] for name in TEXTS]
        with override(language):
            texts[language] += [str(STARTING_POINTS[code].name), str(STARTING_POINTS[code].hint)]
    assert all(swedish != english for swedish, english in zip(texts["sv"], texts["en"], strict=True))


def test_a_chosen_beginning_fills_the_draft_once(client: Client, cast: Cast) -> None:
    client.force_login(cast.ruth)
    page = client.get(reverse("funders:create")).content.decode()
    for point in STARTING_POINTS.values():
        with override("sv"):
            assert str(point.name) in page
            assert str(point.hint) in page
    typed = {"owner": cast.foundation.public_id, "key": str(uuid4()), "start": "mentoring"}
    first = client.post(reverse("funders:create"), typed, follow=True)
    client.post(reverse("funders:create"), typed)
    draft = SupportOffer.objects.get(organisation=cast.foundation)
    assert draft.title == answers_of("mentoring", "sv")["title"]
    assert [(line.kind, line.hours) for line in draft.support.all()] == [("mentoring", 10)]
    said = first.content.decode()
    assert "Utkastet är sparat med vanliga svar." in said
    assert "Skriv egna ord först" in said
    client.post(reverse("funders:create"), {"owner": cast.foundation.public_id, "start": "empty"})
    assert SupportOffer.objects.filter(organisation=cast.foundation, title="").count() == 1
    refused = client.post(reverse("funders:create"), {**typed, "key": str(uuid4()), "start": "gold"})
    assert refused.status_code == 422
    assert SupportOffer.objects.filter(organisation=cast.foundation).count() == 2


def test_nothing_is_published_while_help_is_left_in_it(client: Client, cast: Cast) -> None:
    offer = SupportOfferFactory(
        organisation=cast.foundation,
        draft=True,
        title="Pengar [skriv HÄR: vilket år, t.ex. 2027] till unga",
        how_to_apply="1. Ring. 2. [Write here: how you decide",
        answered=["title", "description", "support", "places"],
    )
    client.force_login(cast.ruth)
    publish = reverse("funders:publish", args=[offer.public_id])
    refused = client.post(publish)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "De här svaren innehåller fortfarande hjälptext" in page
    links = [one["url"] for one in refused.context["with_help"]]
    assert links == [reverse("funders:question", args=[offer.public_id, slug]) for slug in ("title", "apply")]
    assert all(f'href="{link}"' in page for link in links)
    with pytest.raises(services.CannotPublish) as why:
        services.publish_offer(offer=offer, actor=cast.ruth, now=timezone.now())
    assert why.value.missing == ["title", "apply"]
    # Brackets of one's own are no help, and what an import says is not ours to judge.
    SupportOffer.objects.filter(pk=offer.pk).update(
        title="Pengar [utom skatt] till unga", how_to_apply="Skriv här: en rad räcker."
    )
    assert client.post(publish).status_code == 302
    imported = SupportOfferFactory(draft=True, source="x", source_id="1", title="[Write here: a name]")
    services.publish_offer(offer=imported, actor=None, now=timezone.now())
    assert imported.pk in SupportOffer.objects.published().values_list("pk", flat=True)

"""What somebody may not see leaves no trace: no title, no count, no option of a filter.

Every page is read before and after hidden initiatives are made, and has to be the same to the letter.
"""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.utils import timezone

from brygga.challenges.models import Challenge
from innovators.models import Initiative
from matching.engine.services import run_now
from tests.answers import words_of
from tests.factories import (
    ActorFactory,
    ChallengeAnswerFactory,
    FlagFactory,
    InitiativeFactory,
    OrganisationFactory,
)
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

WORD = "Xylofonhuset"
THEME, PLACE, NEED, GROUP = "democracy_and_participation", "SE-2580", "mandate", "older_people"
_ONCE_A_REQUEST = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|Räknat [^.<]*')

PLACES = [
    "/",
    "/en/",
    "/hitta-stod/",
    "/sa-matchar-vi/",
    "/statistik/",
    "/amnen/",
    f"/amnen/{THEME}/",
    "/var-saknas-stod/",
    f"/var-saknas-stod/?kind={NEED}&part=value",
    "/var-saknas-stod/?county=SE-25&rows=part",
    "/var-saknas-stod.csv?rows=kind",
    "/initiativ/",
    f"/initiativ/?q={WORD}",
    "/initiativ/?q=Xylofonhus",
    "/initiativ/?q=Luleå",
    f"/initiativ/?theme={THEME}",
    f"/initiativ/?place={PLACE}",
    "/initiativ/?place=SE-25",
    f"/initiativ/?need={NEED}",
    f"/initiativ/?group={GROUP}",
    "/initiativ/?part=value",
    "/initiativ/?kind=university",
    "/initiativ/?sort=newest&page=2",
    "/en/initiatives/?theme=employment",
    "/stod/",
    "/lovande/",
    f"/lovande/?theme={THEME}",
    "/lovande/?county=SE-25",
    "/lovande/?reason=scalable",
    "/utmaningar/",
    "/utmaningar/{challenge}/",
    "/efterlysningar/",
    "/efterlysningar/{adopter}/",
    "/organisationer/{foundation}/",
    "/organisationer/{hider}/",
    "/api/v1/initiatives/",
    f"/api/v1/initiatives/?q={WORD}",
    f"/api/v1/initiatives/?theme={THEME}",
    f"/api/v1/initiatives/?area={PLACE}",
    f"/api/v1/initiatives/?need={NEED}",
    "/api/v1/initiatives/?organisation_kind=university",
    "/api/v1/offers/",
    "/api/v1/taxonomy/",
]


@pytest.fixture
def hider(world: World) -> str:
    """A verified university, which hides everything it does."""
    organisation = OrganisationFactory(name="Högskolan", kind="university", verified=True)
    return str(organisation.public_id)


def hide(hider: str) -> dict[str, Initiative]:
    """Make one initiative for each way of being hidden, with all that could give it away."""
    from brygga.organisations.models import Organisation

    common = {
        "organisation": Organisation.objects.get(public_id=hider),
        "theme_codes": [THEME],
        "area_codes": [PLACE],
        "target_group_codes": [GROUP],
        "process_parts": ["value"],
        "needs": [NEED, "grant"],
    }
    made = {
        "draft": InitiativeFactory(draft=True, title=f"{WORD} 1", **common),
        "paused": InitiativeFactory(paused=True, title=f"{WORD} 2", **common),
        "closed": InitiativeFactory(closed=True, title=f"{WORD} 3", **common),
        "chosen": InitiativeFactory(visibility="chosen", title=f"{WORD} 4", **common),
        "fitting": InitiativeFactory(visibility="fitting_givers", title=f"{WORD} 5", **common),
    }
    flagger = OrganisationFactory(name="Mellanhanden i norr", intermediary=True)
    for initiative in made.values():
        ActorFactory(initiative=initiative, name=f"Vän till {WORD}")
        ChallengeAnswerFactory(initiative=initiative, challenge=Challenge.objects.get(state="published"))
        FlagFactory(initiative=initiative, organisation=flagger, text=f"{WORD} är lovande")
    return made


def read(world: World, role: str, hider: str) -> dict[str, str]:
    client = world.client(role)
    filled = {
        "adopter": world.things["adopter"]["public_id"],
        "challenge": world.things["challenge"]["public_id"],
        "foundation": world.organisations["foundation"].public_id,
        "hider": hider,
    }
    found = {}
    for place in PLACES:
        cache.clear()
        response = client.get(place.format(**filled))
        assert response.status_code == 200, place
        found[place] = _ONCE_A_REQUEST.sub("", response.content.decode())
    return found


@pytest.mark.parametrize("role", ["visitor", "stranger", "intermediary", "giver"])
def test_hidden_initiatives_leave_no_trace(world: World, hider: str, role: str) -> None:
    before = read(world, role, hider)
    hide(hider)
    after = read(world, role, hider)
    changed = [place for place in PLACES if before[place] != after[place]]
    assert changed == []
    for place in PLACES:
        if WORD not in place:
            assert WORD not in after[place], place


def test_the_same_pages_do_show_what_is_public(world: World, hider: str) -> None:
    """Or the test above would pass on pages that show nothing at all."""
    before = read(world, "visitor", hider)
    for initiative in hide(hider).values():
        Initiative.objects.filter(pk=initiative.pk).update(
            state="published", visibility="everyone", published_at=timezone.now(), closed_at=None
        )
    after = read(world, "visitor", hider)
    unchanged = {place for place in PLACES if before[place] == after[place]}
    assert unchanged <= {
        "/hitta-stod/",
        "/sa-matchar-vi/",
        "/initiativ/?sort=newest&page=2",
        "/stod/",
        "/utmaningar/",
        "/efterlysningar/",
        "/efterlysningar/{adopter}/",
        "/organisationer/{foundation}/",
        "/organisationer/{hider}/",
        "/api/v1/offers/",
        "/api/v1/taxonomy/",
    }


def test_matches_of_a_giver_hold_only_what_the_giver_may_see(world: World, hider: str) -> None:
    offer = world.offers["offer"].public_id
    made = hide(hider)
    made["chosen"].shared_with.set([world.organisations["outsiders"]])
    # It would fit, but a fact is missing: only those that fit without a doubt show themselves.
    made["fitting"].area_codes = ["SE-14"]
    made["fitting"].legal_entity = None
    made["fitting"].save()
    run_now(now=timezone.now())
    client = world.client("giver")
    names = ["", "var-lista/", "varfor-inte/?q=xylofonh"]
    for address in [f"/traffar/stod/{offer}/{name}" for name in names]:
        page = client.get(address).content.decode()
        assert WORD not in page, address
    found = client.get(f"/api/v1/offers/{offer}/matches/").json()
    seen = {match["initiative"]["public_id"] for match in found["results"]}
    assert seen == set(
        Initiative.objects.filter(organisation=world.organisations["association"], state="published")
        .filter(public_id__in=seen)
        .values_list("public_id", flat=True)
    )
    assert found["count"] == len(found["results"])
    for initiative in made.values():
        for address in (
            f"/traffar/stod/{offer}/{initiative.public_id}/",
            f"/traffar/stod/{offer}/{initiative.public_id}/lagg-till/",
            f"/traffar/stod/{offer}/{initiative.public_id}/fraga/",
            f"/lovande/lyft/{initiative.public_id}/",
            f"/initiativ/{initiative.public_id}/",
            f"/api/v1/initiatives/{initiative.public_id}/",
        ):
            assert client.get(address).status_code == 404, address


def test_contact_details_are_nowhere(world: World) -> None:
    """Both sides have contact details, and nobody has said yes yet: no page shows them to the other."""
    from tests.permissions.table import address, read_table
    from tests.permissions.world import CANARY

    own = {"giver": f"offer@{CANARY}", "giver reader": f"offer@{CANARY}"}
    # The other roles are those of the canaries in tests/matching/meeting.
    for role in ("stranger", "reader", "giver reader"):
        client = world.client(role)
        person = world.people[role]
        for row in read_table():
            if row.verb != "GET" or row.name.startswith(("users:", "account_", "mfa_", "organisations:")):
                continue
            cache.clear()
            response = client.get(address(row.name, world.things[row.about], "sv"))
            # A list to take along is sent while it is read.
            body = b"".join(response.streaming_content) if response.streaming else response.content
            page = words_of(body)
            for mine in (own.get(role, ""), person.email if person else ""):
                page = page.replace(mine, "") if mine else page
            assert CANARY not in page, (role, str(row))
            if role != "giver":
                assert "174 06 06" not in page, (role, str(row))
            if role != "reader":
                assert "174 06 05" not in page, (role, str(row))

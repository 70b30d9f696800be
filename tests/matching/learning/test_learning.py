"""What givers choose, read back as lists; the nightly learning; and what a giver sees and resets."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from brygga.audit.models import AuditEvent
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.enums import DismissReason, Stage
from matching.desk.models import ShortlistEntry
from matching.engine.collection import frozen_for
from matching.engine.models import Match
from matching.engine.selectors import current_run
from matching.engine.storing import pack_values
from matching.kernel import codes
from matching.kernel.combine import combine
from matching.learning import services
from matching.learning.enums import LearnedState, Level
from matching.learning.events import county_class, judged_lists
from matching.learning.fitting import learn
from matching.learning.models import LearnedWeights, LearningReset
from matching.learning.selectors import in_sentences, learned_of_giver
from matching.meeting.models import Introduction
from matching.tasks import learn as learn_task
from tests.cast import Cast
from tests.factories import InitiativeFactory

pytestmark = pytest.mark.django_db
Matched = Callable[[], None]
C = len(codes.CRITERIA)
AREA = codes.CRITERIA.index("area")
CANDIDATES, CHOICES = 220, 120
MORNING = datetime(2026, 5, 4, 8, tzinfo=timezone.get_fixed_timezone(0))


def page(offer: SupportOffer, rest: str = "det-har-vi-lart/") -> str:
    return f"/traffar/stod/{offer.public_id}/{rest}"


def fill_with_matches(offer: SupportOffer, number: int, seed: int = 0) -> dict[int, float]:
    """Give an offer many matches with made-up numbers; returns how near each initiative is."""
    random = np.random.default_rng(seed)
    frozen = frozen_for(current_run())
    [template] = Match.objects.current().filter(offer=offer)
    pattern = template.initiative
    copies = Initiative.objects.bulk_create(
        [
            InitiativeFactory.build(
                organisation=pattern.organisation,
                title=f"Initiativ {n}",
                state="published",
                published_at=MORNING,
            )
            for n in range(number)
        ]
    )
    values, known = random.random((number, C)), np.ones((number, C), dtype=bool)
    fits, _ = combine(values.astype(np.float32), known, frozen.analysis.mean_array(), frozen.weights)
    Match.objects.bulk_create(
        [
            Match(
                analysis=template.analysis,
                initiative=copy,
                offer=offer,
                from_run=template.from_run,
                verdict=template.verdict,
                fit=float(fits[row]),
                confidence=1.0,
                numbers=pack_values(values[row], known[row]).tobytes(),
                rules=template.rules,
            )
            for row, copy in enumerate(copies)
        ]
    )
    return {copy.pk: float(values[row, AREA]) for row, copy in enumerate(copies)}


def choose(offer: SupportOffer, near: dict[int, float], number: int) -> None:
    """Shortlist, one an hour, the nearest of the first twenty that are left: place is all that counts."""
    left = list(
        Match.objects.current()
        .filter(offer=offer, initiative__in=list(near))
        .order_by("-fit", "initiative__public_id")
        .values_list("initiative_id", flat=True)
    )
    entries = []
    for turn in range(number):
        chosen = max(left[:20], key=lambda key: near[key])
        left.remove(chosen)
        at = MORNING + timedelta(hours=turn)
        entries.append(
            ShortlistEntry(
                offer=offer, initiative_id=chosen, stage=Stage.SHORTLISTED, changed_at=at, created_at=at
            )
        )
    ShortlistEntry.objects.bulk_create(entries)


@pytest.fixture
def place_lover(cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched) -> SupportOffer:
    """An offer whose people have chosen more than a hundred times, by place alone."""
    matched()
    choose(offer, fill_with_matches(offer, CANDIDATES), CHOICES)
    return offer


# -- what was shown and chosen ---------------------------------------------------------------------


def test_decisions_become_the_lists_that_they_were_taken_from(
    cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    matched()
    near = fill_with_matches(offer, 30)
    ranking = list(
        Match.objects.current()
        .filter(offer=offer)
        .order_by("-fit", "initiative__public_id")
        .values_list("initiative_id", flat=True)
    )
    first, second, third, last = ranking[1], ranking[3], ranking[4], ranking[28]
    for hours, key, stage, reason in (
        (0, first, Stage.SHORTLISTED, ""),
        (1, second, Stage.DISMISSED, DismissReason.OTHER_PLACE),
        (2, third, Stage.DISMISSED, DismissReason.NO_ROOM),
        (3, last, Stage.SUGGESTED, ""),
    ):
        at = MORNING + timedelta(hours=hours)
        ShortlistEntry.objects.create(
            offer=offer, initiative_id=key, stage=stage, reason=reason, changed_at=at, created_at=at
        )
    asked = MORNING + timedelta(hours=4)
    Introduction.objects.create(
        offer=offer, initiative_id=last, asked_at=asked, message="Hej", asked_by=cast.ruth
    )
    one, aside, silent, contact = judged_lists(frozen_for(current_run()))
    assert len(near) == 30

    assert one.place.tolist() == list(range(20))
    assert one.gain.tolist() == [0.4 if row == 1 else 0 for row in range(20)]
    # What was decided later was neither chosen nor left alone.
    assert one.aside == (3, 4)
    assert (one.giver, one.kind) == (str(offer.organisation_id), "grant")
    assert set(one.groups) == {"language", "county", "organisation"}

    # The first is gone from the list, so the second has moved up.
    assert (aside.dismissed, aside.gain.sum()) == (((2, AREA),), 0)
    assert (silent.dismissed, silent.decisions) == ((), 0)
    # Far down: the first nineteen that were left, and the one that was contacted, at its place.
    assert contact.gain.tolist() == [0] * 19 + [0.6]
    assert contact.place.tolist() == [*range(19), 25]


def test_history_is_not_learned_from_the_support_that_made_it(
    cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    from matching.awards.models import SupportGiven

    matched()
    fill_with_matches(offer, 25)
    SupportGiven.objects.create(
        source="t", source_id="1", offer=offer, initiative=initiative, decided_on=MORNING.date()
    )
    [given] = judged_lists(frozen_for(current_run()))
    assert given.gain.max() == 1
    assert (given.features[:, codes.CRITERIA.index("history")] == 0).all()
    assert (given.features[:, AREA] != 0).any()


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        (None, ""),
        ([], ""),
        (["SE-1480"], "large cities"),
        (["SE-01", "SE-24"], "large cities"),
        (["SE-2480"], "other counties"),
        (["SE"], "wider"),
        (["europe"], "wider"),
    ],
)
def test_places_are_grouped_coarsely(areas: list[str] | None, said: str) -> None:
    assert county_class(areas) == said


# -- the nightly learning --------------------------------------------------------------------------


def test_clear_choices_come_in_use_for_that_giver_and_nobody_else(
    cast: Cast, place_lover: SupportOffer
) -> None:
    assert learn(now=timezone.now()) == 1, list(LearnedWeights.objects.values("reason", "figures"))
    used = LearnedWeights.objects.get(state=LearnedState.IN_USE)
    assert (used.level, used.organisation, used.reason) == (Level.GIVER, place_lover.organisation, "better")
    assert used.weights["area"] > 1.3 * used.compared_with["area"]
    assert used.figures["low"] > 0
    assert sum(used.weights.values()) == pytest.approx(1)
    above = LearnedWeights.objects.exclude(level=Level.GIVER)
    assert sorted(above.values_list("level", "state")) == [("everybody", "shadow"), ("kind", "shadow")]
    assert "“place”" in " ".join(in_sentences(used)) or "”plats”" in " ".join(in_sentences(used))
    # The same choices again: nothing better is found.
    learn_task()
    assert LearnedWeights.objects.get(state=LearnedState.IN_USE) == used


def test_few_choices_and_no_run_change_nothing(
    cast: Cast, initiative: Initiative, offer: SupportOffer, matched: Matched
) -> None:
    assert learn(now=timezone.now()) == 0
    assert not LearnedWeights.objects.exists()
    matched()
    choose(offer, fill_with_matches(offer, 60), 12)
    assert learn(now=timezone.now()) == 0
    [giver] = LearnedWeights.objects.filter(level=Level.GIVER)
    assert (giver.state, giver.reason, giver.figures["groups"]) == ("rejected", "too_few", {})


def test_old_tries_are_cleared_away_and_what_was_in_use_is_kept(
    cast: Cast, place_lover: SupportOffer
) -> None:
    learn(now=MORNING + timedelta(days=10))
    learn(now=MORNING + timedelta(days=200))
    assert LearnedWeights.objects.filter(created_at__lt=MORNING + timedelta(days=100)).count() == 1
    assert LearnedWeights.objects.get(state=LearnedState.IN_USE).created_at == MORNING + timedelta(days=10)


# -- the giver's list ------------------------------------------------------------------------------


def test_the_list_follows_the_choices_says_so_and_keeps_the_fit(
    client: Client, cast: Cast, place_lover: SupportOffer
) -> None:
    client.force_login(cast.ruth)
    before = client.get(page(place_lover, ""))
    assert before.context["asked"].sort == "fit"
    learn(now=timezone.now())
    after = client.get(page(place_lover, ""))
    assert after.context["asked"].sort == "choices"
    assert "Ordningen följer era tidigare val" in after.content.decode()
    assert "De som passar bäst står först" not in after.content.decode()
    fits = {case.initiative.pk: case.why.fit for case in before.context["cases"]}
    shown = [case.initiative.pk for case in after.context["cases"]]
    assert shown != [case.initiative.pk for case in before.context["cases"]]
    for case in after.context["cases"]:
        assert case.why.fit == fits.get(case.initiative.pk, case.why.fit)
    # The order is that of the learned weights.
    used = LearnedWeights.objects.get(state=LearnedState.IN_USE)
    frozen = frozen_for(current_run())
    weights = np.array([used.weights[name] for name in codes.CRITERIA])
    scores = []
    for key in shown:
        numbers = Match.objects.current().get(offer=place_lover, initiative=key).numbers
        values = np.frombuffer(bytes(numbers), dtype="<i4") / 1_000_000
        scores.append(float(weights @ (values - frozen.analysis.mean_array())))
    assert scores == sorted(scores, reverse=True)
    # The order of fit is a click away, and the other side's list is as before.
    plain = client.get(page(place_lover, "?sort=fit"))
    assert [case.initiative.pk for case in plain.context["cases"]] == list(fits)
    assert "Ordningen följer" not in plain.content.decode()


def test_pages_of_the_learned_order_hang_together(
    client: Client, cast: Cast, place_lover: SupportOffer
) -> None:
    learn(now=timezone.now())
    client.force_login(cast.ruth)
    seen = []
    for number in range(1, 20):
        answer = client.get(page(place_lover, f"?page={number}"))
        seen += [case.initiative.pk for case in answer.context["cases"]]
        if not answer.context["page"].has_next():
            break
    assert len(seen) == len(set(seen)) == answer.context["page"].paginator.count == CANDIDATES + 1


def test_the_learned_order_costs_the_same_for_few_and_many(
    client: Client, cast: Cast, place_lover: SupportOffer
) -> None:
    learn(now=timezone.now())
    client.force_login(cast.ruth)
    client.get(page(place_lover, ""))
    counts = []
    for stage in ("shortlisted", "suggested"):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get(page(place_lover, f"?stage={stage}"))
        counts.append(len(captured))
    assert counts[0] == counts[1]


# -- the page, resetting and undoing ---------------------------------------------------------------


def test_the_page_says_what_was_learned_and_forgets_it_when_asked(
    client: Client, cast: Cast, place_lover: SupportOffer
) -> None:
    client.force_login(cast.ruth)
    assert "Inget används nu" in client.get(page(place_lover)).content.decode()
    learn(now=timezone.now())
    said = client.get(page(place_lover)).content.decode()
    assert "Vad Brygga har lärt sig av era val" in said
    assert "”plats”" in said
    sure = client.get(page(place_lover, "det-har-vi-lart/glom/"))
    assert sure.status_code == 200
    assert LearnedWeights.objects.filter(state=LearnedState.IN_USE).exists()
    done = client.post(page(place_lover, "det-har-vi-lart/glom/"), follow=True).content.decode()
    assert "Det Brygga lärt sig av era val är glömt." in done
    assert "Inget används nu" in done
    assert client.get(page(place_lover, "")).context["asked"].sort == "fit"
    assert ShortlistEntry.objects.filter(offer=place_lover, stage=Stage.SHORTLISTED).count() == CHOICES
    # What is forgotten teaches nothing any more, also not the others.
    assert learn(now=timezone.now()) == 0
    assert judged_lists(frozen_for(current_run())) == []
    back = client.post(page(place_lover, "det-har-vi-lart/angra/"), follow=True).content.decode()
    assert "Era tidigare val räknas igen." in back
    assert "”plats”" in back
    assert len(judged_lists(frozen_for(current_run()))) == CHOICES
    again = client.post(page(place_lover, "det-har-vi-lart/angra/"), follow=True).content.decode()
    assert "Det finns inget att ångra." in again
    verbs = AuditEvent.objects.filter(verb__startswith="learning_").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["learning_reset", "learning_reset_undone"]


def test_a_reset_while_learning_goes_on_wins(
    cast: Cast, place_lover: SupportOffer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matching.learning import fitting

    began = timezone.now()
    whole = fitting.learn_levels

    def meanwhile(*args, **kwargs):
        services.reset_learning(
            organisation=place_lover.organisation, actor=cast.ruth, now=began + timedelta(seconds=1)
        )
        return whole(*args, **kwargs)

    monkeypatch.setattr(fitting, "learn_levels", meanwhile)
    assert learn(now=began) == 0
    assert not LearnedWeights.objects.filter(state=LearnedState.IN_USE).exists()


def test_only_those_who_may_write_for_the_giver_reset(cast: Cast, offer: SupportOffer) -> None:
    for stranger in (cast.amina, cast.sara):
        for verb in (services.reset_learning, services.undo_reset):
            with pytest.raises(PermissionDenied):
                verb(organisation=offer.organisation, actor=stranger, now=timezone.now())
    assert not LearningReset.objects.exists()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("too_few", "tillräckligt många val"),
        ("no_change", "tillräckligt många val"),
        ("not_better", "inte klart bättre"),
        ("a_group_loses", "någon grupp av initiativ"),
    ],
)
def test_the_page_says_why_nothing_is_in_use(
    cast: Cast, offer: SupportOffer, reason: str, words: str
) -> None:
    LearnedWeights.objects.create(
        level=Level.GIVER, organisation=offer.organisation, state=LearnedState.REJECTED,
        weights={}, compared_with={}, decisions=9, reason=reason,
    )  # fmt: skip
    assert words in learned_of_giver(offer.organisation).why_nothing


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (2.5, "minst fördubblat ”plats”"),
        (1.5, "höjt ”plats” med hälften"),
        (1.33, "höjt ”plats” med en tredjedel"),
        (1.2, "höjt ”plats” med en fjärdedel"),
        (1.12, "höjt ”plats” lite"),
        (1.05, ""),
        (0.95, ""),
        (0.88, "sänkt ”plats” lite"),
        (0.75, "sänkt ”plats” med en fjärdedel"),
        (0.66, "sänkt ”plats” med en tredjedel"),
        (0.5, "minst halverat ”plats”"),
        (0.0, "tagit bort ”plats”"),
    ],
)
def test_changes_are_said_in_words(ratio: float, words: str) -> None:
    learned = LearnedWeights(weights={"area": 0.12 * ratio}, compared_with={"area": 0.12})
    assert in_sentences(learned) == ([f"Era val har {words}"] if words else [])

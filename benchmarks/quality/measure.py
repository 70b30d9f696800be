"""Measure: the cases through the real importer, encoder and kernel, in a transaction that is taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from benchmarks.quality import bands
from benchmarks.quality.cases import Judged, Key, judged, links, profiles, support
from brygga.taxonomy.models import Theme
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.awards.models import SupportGiven
from matching.engine.collection import current_trees, forget
from matching.engine.control import ENGINE_VERSION
from matching.engine.encoding import read_initiatives, read_offers, today
from matching.engine.translations import current_lexicon
from matching.exchange.importing import import_lines
from matching.kernel import codes
from matching.kernel.arrays import encode_initiatives, encode_offers
from matching.kernel.collaboration import CollaborationIndex, collaborators
from matching.kernel.combine import FIT_DECIMALS, Weights, base
from matching.kernel.dense import DenseText
from matching.kernel.fitting import fit_analysis
from matching.kernel.metrics import (
    bootstrap_interval,
    coverage,
    exposure,
    gini,
    hit_at_k,
    ndcg_at_k,
    precision_at_k,
    reciprocal_rank,
)
from matching.kernel.scoring import BlockScores, score_block

#: Kinds of support that are money.
MONEY = {"grant", "loan", "guarantee", "equity", "procurement", "outcome_contract"}
GOOD = 2
#: Where the cases' profiles come from.
SOURCES = ("demo", "real")
SEED = 20261122

Value = float
Cases = Mapping[Any, Value]


@dataclass(frozen=True)
class World:
    """Everything imported, encoded and scored."""

    initiatives: list[Key]
    offers: list[Key]
    language: dict[Key, str]
    money: set[Key]
    scores: BlockScores
    base: float
    together: dict[Key, list[Key]]


class CannotMeasure(Exception):
    """The database holds profiles that are no cases, or no word lists: either would change every figure."""


def measure(*, now: datetime) -> dict[str, Any]:
    """Return every figure, with its interval and how many cases it rests on. Leaves no trace.

    Raises CannotMeasure.
    """
    [(plain, taught)] = _worlds(now, [None])
    pairs = judged()
    return {
        "engine_version": ENGINE_VERSION,
        "measured_on": now.date().isoformat(),
        "profiles": {"initiatives": len(plain.initiatives), "offers": len(plain.offers)},
        "judged_pairs": len(pairs),
        "weights": asdict(Weights()),
        "figures": [
            {name: value for name, value in row.items() if name != "cases"}
            for row in _figures_of(plain, taught, pairs)
        ],
        "bands": _bands(plain, [pair for pair in pairs if pair.kind == "support"]),
        "agreement": agreement(pairs),
        "shut_out": _shut_out(plain, pairs),
    }


def measure_dense(dense: DenseText, *, now: datetime) -> list[dict[str, Any]]:
    """Return every figure without a dense model and with it, and the change between the same cases.

    The interval is that of the change: where it holds 0, these cases do not show that the model helps.
    Raises CannotMeasure.
    """
    without, with_model = (
        _figures_of(plain, taught, judged()) for plain, taught in _worlds(now, [None, dense])
    )
    found = []
    for one, other in zip(without, with_model, strict=True):
        row = {name: one[name] for name in ("what", "group", "measure", "n")}
        row |= {"without": one["mean"], "with": other["mean"], "change": None, "low": None, "high": None}
        if one["cases"] is not None:
            changes = (np.array(other["cases"]) - np.array(one["cases"])).tolist()
            interval = bootstrap_interval(changes, np.random.default_rng(SEED))
            row |= {name: round(getattr(interval, name), 3) for name in ("low", "high")}
            row["change"] = round(interval.mean, 3)
        found.append(row)
    return found


def _worlds(now: datetime, models: Sequence[DenseText | None]) -> list[tuple[World, World]]:
    """Return the cases scored with each model, without known support and with it. Raises CannotMeasure."""
    if not Theme.objects.exists():
        raise CannotMeasure("There are no word lists here: run “manage.py load_taxonomy” first.")
    others = sum(
        model._default_manager.exclude(source__in=SOURCES).count() for model in (Initiative, SupportOffer)
    )
    if others:
        raise CannotMeasure(f"{others} profiles here are no cases. Measure in a database of its own.")
    with transaction.atomic():
        try:
            told: list[str] = []
            # Nothing of earlier support is known but what the cases say.
            SupportGiven.everything.all().delete()
            import_lines(profiles(), tell=told.append, now=now)
            plain = [_world(now, dense) for dense in models]
            import_lines(support(), tell=told.append, now=now)
            taught = [_world(now, dense) for dense in models]
        finally:
            transaction.set_rollback(True)
            forget()
    return list(zip(plain, taught, strict=True))


def _figures_of(plain: World, taught: World, pairs: Sequence[Judged]) -> list[dict[str, Any]]:
    return [
        *_on_links(plain, taught),
        *_on_judged(plain, [pair for pair in pairs if pair.kind == "support"]),
        *_on_collaboration(plain, [pair for pair in pairs if pair.kind == "collaboration"]),
        *_on_spread(plain),
    ]


def _bands(world: World, pairs: Sequence[Judged]) -> dict[str, Any]:
    """Return where the words strong and good begin by these pairs, and how often each is right."""
    outcomes = []
    for pair in pairs:
        row, column = world.initiatives.index(pair.initiative), world.offers.index(pair.other)
        if world.scores.eligible[row, column]:
            outcomes.append(
                bands.Outcome(
                    "/".join(pair.other),
                    round(float(world.scores.fit[row, column]) - world.base, FIT_DECIMALS),
                    bool(world.scores.verdict[row, column] == codes.FITS),
                    pair.grade >= GOOD,
                )
            )
    strong, good = bands.calibrate(outcomes)
    return {"strong": strong, "good": good, "figures": bands.figures(outcomes, SEED)}


def agreement(pairs: Sequence[Judged]) -> float:
    """Return Cohen's weighted kappa (squared distances) between the two readers."""
    first, second = (np.array([pair.grades[who] for pair in pairs]) for who in (0, 1))
    seen = ((first - second) ** 2).mean()
    expected = ((first[:, None] - second[None, :]) ** 2).mean()
    return round(float(1 - seen / expected), 3) if expected else 1.0


def _world(now: datetime, dense: DenseText | None) -> World:
    trees = current_trees()
    initiative_rows = list(read_initiatives(Initiative.objects.all(), now))
    offer_rows = list(read_offers(SupportOffer.objects.all()))
    initiatives = encode_initiatives([facts for _, facts in initiative_rows], trees)
    offers = encode_offers([facts for _, facts in offer_rows], trees)
    analysis = fit_analysis(
        initiatives, offers, now_day=today(now), lexicon=current_lexicon(now), dense=dense
    )
    keys = [(row.source, row.source_id) for row, _ in initiative_rows]
    index = CollaborationIndex(initiatives, analysis)
    return World(
        keys,
        [(row.source, row.source_id) for row, _ in offer_rows],
        {(row.source, row.source_id): row.language for row, _ in initiative_rows},
        {
            (row.source, row.source_id)
            for row, facts in offer_rows
            if {line.kind for line in facts.support or ()} & MONEY
        },
        score_block(initiatives, offers, analysis, Weights(), today(now)),
        base(analysis.mean_array(), Weights()),
        {
            key: [keys[one] for one in collaborators(initiatives.rows([place]), index, 10).rows]
            for place, key in enumerate(keys)
        },
    )


# -- offers that really supported ------------------------------------------------------------------


def _on_links(plain: World, taught: World) -> list[dict[str, Any]]:
    real = [place for place, key in enumerate(plain.offers) if key[0] == "real"]
    truth = {initiative: {offer: 1.0} for initiative, offer in links().items()}
    text = plain.scores.values[:, :, codes.CRITERIA.index("text")].astype(np.float64)
    found: list[dict[str, Any]] = []
    for what, world, values in (
        ("text_alone", plain, text),
        ("history_off", plain, plain.scores.fit),
        ("history_leave_one_out", taught, taught.scores.fit),
    ):
        ranked = {
            key: _ranked(world, world.initiatives.index(key), values, real, what != "text_alone")
            for key in truth
        }
        for language in (None, "sv", "en"):
            asked = [key for key in truth if language in (None, world.language[key])]
            found += _figures(
                f"links.{what}",
                language or "all",
                {
                    "recall@1": [hit_at_k(ranked[key], truth[key], 1) for key in asked],
                    "recall@5": [hit_at_k(ranked[key], truth[key], 5) for key in asked],
                    "recall@10": [hit_at_k(ranked[key], truth[key], 10) for key in asked],
                    "MRR": [reciprocal_rank(ranked[key], truth[key]) for key in asked],
                    "nDCG@10": [ndcg_at_k(ranked[key], truth[key], 10) for key in asked],
                },
            )
    return found


def _ranked(
    world: World, row: int, values: NDArray[np.float64], among: Sequence[int], is_eligible: bool
) -> list[Key]:
    allowed = [one for one in among if not is_eligible or world.scores.eligible[row, one]]
    return [
        world.offers[one] for one in sorted(allowed, key=lambda one: (-values[row, one], world.offers[one]))
    ]


# -- pairs that people judged ----------------------------------------------------------------------


def _on_judged(world: World, pairs: Sequence[Judged]) -> list[dict[str, Any]]:
    """Rank each offer's judged initiatives among themselves, since nothing is known of the others."""
    text = world.scores.values[:, :, codes.CRITERIA.index("text")].astype(np.float64)
    found: list[dict[str, Any]] = []
    for what, values in (("fit", world.scores.fit), ("text_alone", text)):
        for label, is_in in _groups(world):
            chosen = [pair for pair in pairs if is_in(pair)]
            found += _figures(f"judged.{what}", label, _of_lists(world, chosen, values, what == "fit"))
    return found


def _groups(world: World) -> list[tuple[str, Callable[[Judged], bool]]]:
    return [
        ("all", lambda pair: True),
        ("money", lambda pair: pair.other in world.money),
        ("other_support", lambda pair: pair.other not in world.money),
        ("sv", lambda pair: world.language[pair.initiative] == "sv"),
        ("en", lambda pair: world.language[pair.initiative] == "en"),
    ]


def _of_lists(
    world: World, pairs: Sequence[Judged], values: NDArray[np.float64], is_eligible: bool
) -> dict[str, list[float]]:
    of_offer: dict[Key, list[Judged]] = {}
    for pair in pairs:
        of_offer.setdefault(pair.other, []).append(pair)
    measured: dict[str, list[float]] = {
        "nDCG@10": [],
        "precision@3": [],
        "precision@5": [],
        "MRR": [],
        "right_order": [],
    }
    for offer, own in of_offer.items():
        column = world.offers.index(offer)
        value = {
            pair.initiative: _value(
                world, world.initiatives.index(pair.initiative), column, values, is_eligible
            )
            for pair in own
        }
        gains = {pair.initiative: float(pair.grade) for pair in own}
        good = {key: 1.0 for key, gain in gains.items() if gain >= GOOD}
        order = _right_order(gains, value)
        if order is not None:
            measured["right_order"].append(order)
        if not good:
            continue
        ranked = sorted(value, key=lambda key: (-value[key], key))
        measured["nDCG@10"].append(ndcg_at_k(ranked, gains, 10))
        for k in (3, 5):
            # Of the places that good ones can fill.
            measured[f"precision@{k}"].append(precision_at_k(ranked, good, k) * k / min(k, len(good)))
        measured["MRR"].append(reciprocal_rank(ranked, good))
    return measured


def _value(world: World, row: int, column: int, values: NDArray[np.float64], is_eligible: bool) -> float:
    """A pair that the rules shut out stands below all others."""
    return float(values[row, column]) if not is_eligible or world.scores.eligible[row, column] else -1.0


def _right_order(gains: Mapping[Key, float], value: Mapping[Key, float]) -> float | None:
    """Return the share of an offer's differently graded pairs that stand in the graded order."""
    points, compared = 0.0, 0
    keys = sorted(gains)
    for place, one in enumerate(keys):
        for other in keys[place + 1 :]:
            if gains[one] == gains[other]:
                continue
            compared += 1
            better, worse = (one, other) if gains[one] > gains[other] else (other, one)
            points += (value[better] > value[worse]) + 0.5 * (value[better] == value[worse])
    return points / compared if compared else None


def _on_collaboration(world: World, pairs: Sequence[Judged]) -> list[dict[str, Any]]:
    found = {
        label: [float(pair.other in world.together[pair.initiative]) for pair in pairs if is_in(pair.grade)]
        for label, is_in in (
            ("good_pair_among_the_first_10", lambda grade: grade >= GOOD),
            ("bad_pair_among_the_first_10", lambda grade: grade == 0),
        )
    }
    return _figures("collaboration", "all", found)


def _on_spread(world: World) -> list[dict[str, Any]]:
    everything = range(len(world.offers))
    lists = [
        _ranked(world, row, world.scores.fit, everything, True)[:10] for row in range(len(world.initiatives))
    ]
    n = len(lists)
    return [
        _row("spread", "all", "coverage@10", coverage(lists, world.offers, 10), None, n),
        _row("spread", "all", "gini@10", gini(exposure(lists, world.offers, 10)), None, n),
    ]


def _shut_out(world: World, pairs: Iterable[Judged]) -> list[dict[str, Any]]:
    """Name true or good pairs that a rule stops, and the rule."""
    wanted = [(initiative, offer) for initiative, offer in links().items()]
    wanted += [
        (pair.initiative, pair.other) for pair in pairs if pair.kind == "support" and pair.grade >= GOOD
    ]
    found = []
    for initiative, offer in wanted:
        row, column = world.initiatives.index(initiative), world.offers.index(offer)
        verdicts = world.scores.requirement_verdicts[row, column]
        broken = [
            name
            for name, verdict in zip(codes.REQUIREMENTS, verdicts, strict=True)
            if verdict == codes.DOES_NOT_FIT
        ]
        if broken:
            found.append({"initiative": initiative[1], "offer": offer[1], "rules": broken})
    return found


# -- figures ---------------------------------------------------------------------------------------


def _figures(what: str, group: str, measured: Mapping[str, Sequence[float]]) -> list[dict[str, Any]]:
    found = []
    for name, values in measured.items():
        if values:
            interval = bootstrap_interval(values, np.random.default_rng(SEED))
            row = _row(what, group, name, interval.mean, (interval.low, interval.high), interval.n)
            found.append(row | {"cases": list(values)})
    return found


def _row(
    what: str, group: str, name: str, mean: float, interval: tuple[float, float] | None, n: int
) -> dict[str, Any]:
    low, high = interval or (None, None)
    return {
        "what": what,
        "group": group,
        "measure": name,
        "mean": round(mean, 3),
        "low": None if low is None else round(low, 3),
        "high": None if high is None else round(high, 3),
        "n": n,
        "cases": None,
    }

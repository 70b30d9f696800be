"""How well the kernel finds the offer that really supported an initiative.

    script/python benchmarks/real_sample.py FOLDER

FOLDER holds `initiatives.jsonl` and `offers.jsonl` in the exchange format and `links.jsonl` (initiative,
offer). The links are winners only: other offers may fit as well, so the figures are a floor. Two
figures are given: nothing known of earlier support, and with every link known but the initiative's own
(leave-one-out). Reads files alone, no database: names of areas, themes and target groups are matched
word for word against the taxonomy's own tables, which is less than the importer does.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform")]

from brygga.language import normalise_name  # noqa: E402  the two source roots come first
from matching.kernel.arrays import Trees, encode_initiatives, encode_offers  # noqa: E402
from matching.kernel.codes import CRITERIA, REQUIREMENTS, VERDICTS  # noqa: E402
from matching.kernel.combine import Weights  # noqa: E402
from matching.kernel.facts import (  # noqa: E402
    InitiativeFacts,
    NeedFacts,
    OfferFacts,
    SupportedCase,
    SupportFacts,
    Taxonomy,
)
from matching.kernel.fitting import fit_analysis  # noqa: E402
from matching.kernel.scoring import score_block  # noqa: E402
from matching.kernel.terms import TextDocument  # noqa: E402

TABLES = ROOT / "platform" / "brygga" / "taxonomy" / "data"
Record = dict[str, Any]


class Words:
    """Names and synonyms of a taxonomy table, to codes."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}

    def add(self, code: str, *names: str) -> None:
        """Let these names lead to the code, unless they already lead elsewhere."""
        for name in names:
            if name:
                self.codes.setdefault(normalise_name(name), code)

    def split(self, words: list[str] | None) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
        """Return the codes that words lead to, and the words that lead nowhere."""
        if words is None:
            return None, ()
        found = {word: self.codes.get(normalise_name(word)) for word in words}
        return (
            tuple(dict.fromkeys(code for code in found.values() if code)),
            tuple(word for word, code in found.items() if not code),
        )


def read_taxonomy() -> tuple[Taxonomy, dict[str, Words]]:
    """Read the trees and the names from the taxonomy's tables."""
    words = {"areas": Words(), "themes": Words(), "target_groups": Words()}
    areas: dict[str, str | None] = {}
    for table in ("regions", "countries"):
        for row in _rows(table):
            areas[row["code"]] = row["parent"] or None
            words["areas"].add(
                row["code"], row["code"], row["name_sv"], row["name_en"], *row["other_names"].split("|")
            )
    for row in _rows("counties"):
        code = f"SE-{row['county_code']}"
        areas[code] = "SE"
        words["areas"].add(code, code, row["official_name"])
    for row in _rows("municipalities"):
        code = f"SE-{row['municipality_code']}"
        areas[code] = f"SE-{row['county_code']}"
        words["areas"].add(code, code, row["municipality_name_short"], row["municipality_name"])
    for row in _rows("counties"):
        words["areas"].add(f"SE-{row['county_code']}", row["name"])
    trees: dict[str, dict[str, str | None]] = {}
    for table in ("themes", "target_groups"):
        trees[table] = {row["code"]: row["parent"] or None for row in _rows(table)}
        for row in _rows(table):
            synonyms = [*row["synonyms_sv"].split("|"), *row["synonyms_en"].split("|")]
            words[table].add(row["code"], row["code"], row["name_sv"], row["name_en"], *synonyms)
    return Taxonomy(areas, trees["themes"], trees["target_groups"]), words


def _rows(table: str) -> list[dict[str, str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _document(record: Record) -> TextDocument:
    tags = [*(record.get("themes") or []), *(record.get("target_groups") or [])]
    body = " ".join(filter(None, [record.get("change"), record.get("description")]))
    return TextDocument(". ".join([record["title"], *tags]), body, record["language"])


def read_initiative(record: Record, words: dict[str, Words]) -> InitiativeFacts:
    """Turn one exchange line into facts."""
    organisation = record["organisation"] or {}
    works_in, unresolved = words["areas"].split(record["areas"])
    themes, themes_unresolved = words["themes"].split(record["themes"])
    groups, groups_unresolved = words["target_groups"].split(record["target_groups"])
    actors = record["actors"]
    return InitiativeFacts(
        key=record["id"],
        lead_kind=organisation.get("kind"),
        actor_kinds=None if not actors else tuple(actor["kind"] for actor in actors),
        works_in=works_in,
        works_in_unresolved=unresolved,
        themes=themes,
        themes_unresolved=themes_unresolved,
        target_groups=groups,
        target_groups_unresolved=groups_unresolved,
        needs=tuple(NeedFacts(need["kind"], need["amount"], need["hours"]) for need in record["needs"] or []),
        language=record["language"],
        document=_document(record),
    )


def read_offer(record: Record, words: dict[str, Words]) -> OfferFacts:
    """Turn one exchange line into facts."""
    areas, unresolved = words["areas"].split(record["areas"])
    themes, themes_unresolved = words["themes"].split(record["themes"])
    groups, groups_unresolved = words["target_groups"].split(record["target_groups"])
    return OfferFacts(
        key=record["id"],
        eligible_organisation_kinds=_codes(record["eligible_organisation_kinds"]),
        must_include_kinds=_codes(record["must_include_kinds"]),
        consortium_required=record["consortium_required"],
        legal_entity_required=record["legal_entity_required"],
        areas=areas,
        areas_unresolved=unresolved,
        themes=themes,
        themes_unresolved=themes_unresolved,
        target_groups=groups,
        target_groups_unresolved=groups_unresolved,
        support=tuple(
            SupportFacts(kind["kind"], kind["amount_min"], kind["amount_max"], kind["hours"])
            for kind in record["support"]
        ),
        document=_document(record),
    )


def with_history(
    offers: list[OfferFacts],
    initiatives: list[InitiativeFacts],
    links: dict[str, str],
    givers: dict[str, str],
) -> list[OfferFacts]:
    """Give every offer what it has supported, or, without any, what its giver's others have.

    Nobody's own case is left out here: the kernel does that.
    """
    cases: dict[str, list[SupportedCase]] = {}
    for one in initiatives:
        case = SupportedCase(one.key, one.document, one.key, 20_000, one.document.title)
        cases.setdefault(links[one.key], []).append(case)
    of_giver: dict[str, list[SupportedCase]] = {}
    for offer, own in cases.items():
        of_giver.setdefault(givers.get(offer) or offer, []).extend(own)
    return [
        replace(
            offer,
            history=tuple(
                cases.get(offer.key)
                or (replace(case, is_borrowed=True) for case in of_giver.get(givers[offer.key], []))
            ),
        )
        for offer in offers
    ]


def _codes(values: list[str] | None) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)


def _lines(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def ranks_of(scores: np.ndarray, eligible: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the place of the true column in each row, 1 the best; one past the last when not eligible."""
    shown = np.where(eligible, scores, -np.inf)
    own = shown[np.arange(len(truth)), truth]
    better = (shown > own[:, None]).sum(axis=1)
    ties = np.array([(shown[row, : truth[row]] == own[row]).sum() for row in range(len(truth))], dtype=int)
    return np.where(np.isneginf(own), scores.shape[1] + 1, 1 + better + ties)


def report(label: str, ranks: np.ndarray, english: np.ndarray) -> None:
    """Print one line of figures."""
    spread = np.random.default_rng(0)
    resampled = [(spread.choice(ranks, len(ranks)) <= 5).mean() for _ in range(2000)]
    low, high = np.percentile(resampled, [2.5, 97.5])
    print(
        f"{label:<34} recall@1 {np.mean(ranks <= 1):.2f}  recall@5 {np.mean(ranks <= 5):.3f} "
        f"[{low:.2f}, {high:.2f}]  recall@10 {np.mean(ranks <= 10):.2f}  MRR {np.mean(1 / ranks):.3f}  "
        f"English ({english.sum()}) recall@5 {np.mean(ranks[english] <= 5):.2f}"
    )


def main() -> None:
    """Read, score, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ranks", action="store_true", help="print the rank of each link")
    arguments = parser.parse_args()
    taxonomy, words = read_taxonomy()
    trees = Trees(taxonomy)
    offer_records = _lines(arguments.folder / "offers.jsonl")
    initiative_records = _lines(arguments.folder / "initiatives.jsonl")
    links = {link["initiative"]: link["offer"] for link in _lines(arguments.folder / "links.jsonl")}
    initiative_records = [record for record in initiative_records if record["id"] in links]
    offer_facts = [read_offer(record, words) for record in offer_records]
    initiative_facts = [read_initiative(record, words) for record in initiative_records]
    initiatives, offers = encode_initiatives(initiative_facts, trees), encode_offers(offer_facts, trees)
    column = {key: place for place, key in enumerate(offers.keys)}
    truth = np.array([column[links[key]] for key in initiatives.keys])
    english = np.array([record["language"] == "en" for record in initiative_records])
    start = time.perf_counter()
    analysis = fit_analysis(initiatives, offers, now_day=20_000)
    scores = score_block(initiatives, offers, analysis, Weights(), 20_000)
    print(f"{len(initiatives)} initiatives, {len(offers)} offers, {time.perf_counter() - start:.2f} s")
    everything = np.ones_like(scores.eligible)
    text, themes, groups = (CRITERIA.index(name) for name in ("text", "themes", "target_groups"))
    some = scores.contributions[:, :, [text, themes, groups]].sum(axis=-1)
    report("text alone", ranks_of(scores.values[:, :, text], everything, truth), english)
    report("text + themes + target groups", ranks_of(np.round(some, 4), everything, truth), english)
    report("  the same, eligible offers only", ranks_of(np.round(some, 4), scores.eligible, truth), english)
    ranks = ranks_of(scores.fit, scores.eligible, truth)
    report("fit, eligible offers only", ranks, english)
    givers = {record["id"]: (record["organisation"] or {}).get("name") or "" for record in offer_records}
    informed = encode_offers(with_history(offer_facts, initiative_facts, links, givers), trees)
    taught = score_block(
        initiatives, informed, fit_analysis(initiatives, informed, now_day=20_000), Weights(), 20_000
    )
    past = CRITERIA.index("history")
    report(
        "past support alone, leave-one-out",
        ranks_of(taught.values[:, :, past], taught.known[:, :, past], truth),
        english,
    )
    report("fit, leave-one-out", ranks_of(taught.fit, taught.eligible, truth), english)
    rows = np.arange(len(truth))
    stopped = scores.verdict[rows, truth] == VERDICTS.index("does_not_fit")
    print(f"true offers that the rules shut out: {stopped.sum()} of {len(truth)}")
    for row in np.flatnonzero(stopped):
        broken = [
            name
            for name, verdict in zip(REQUIREMENTS, scores.requirement_verdicts[row, truth[row]], strict=True)
            if verdict == VERDICTS.index("does_not_fit")
        ]
        print(f"  {initiatives.keys[row]} {offers.keys[truth[row]]}: {', '.join(broken)}")
    eligible_fit = scores.fit[scores.eligible]
    print(
        "fit of eligible pairs, percentiles 5 25 50 75 90 95 99:",
        np.percentile(eligible_fit, [5, 25, 50, 75, 90, 95, 99]).round(3),
    )
    print("fit of true pairs:", np.percentile(scores.fit[rows, truth], [5, 25, 50, 75, 95]).round(3))
    print("means:", dict(zip(CRITERIA, analysis.means, strict=True)))
    print("confidence, mean over eligible:", scores.confidence[scores.eligible].mean().round(3))
    if arguments.ranks:
        for row in rows:
            print(f"  {initiatives.keys[row]} {ranks[row]:>3} {offers.keys[truth[row]]}")


if __name__ == "__main__":
    main()

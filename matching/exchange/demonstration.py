"""Made-up organisations, people and profiles, so that a first visit meets a living place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from brygga.organisations.models import Membership, Organisation
from brygga.organisations.services import read_organisation_number
from brygga.taxonomy.enums import OrganisationKind
from brygga.users.enums import DemoGroup
from brygga.users.models import User
from brygga.users.services import put_demo_person
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.exchange.fields import Problem
from matching.exchange.importing import import_lines, lines_of
from matching.exchange.organisations import organisation_of
from matching.exchange.records import OrganisationRecord
from matching.signals import demo_loading, demo_matched

FOLDER = Path(__file__).parent / "demo"
SOURCE = "demo"
FILES = ("offers.jsonl", "initiatives_a.jsonl", "initiatives_b.jsonl")
#: Profiles were published over this many days, the newest a few hours ago.
DAYS = 150
_EXTRA = ("contact", "visibility", "place_coarsened", "evidence")
_UNVERIFIED_KINDS = frozenset({OrganisationKind.INFORMAL_GROUP, OrganisationKind.INDIVIDUAL})


class OnlyInDemoMode(Exception):
    """Made-up people are never put where real ones are."""


@dataclass
class Loaded:
    """What there is after loading."""

    initiatives: dict[str, Initiative] = field(default_factory=dict)
    offers: dict[str, SupportOffer] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)


def load_demo(*, now: datetime, match: bool = True) -> Loaded:
    """Load or renew everything in the demo files, and match it. Safe to run again.

    Raises OnlyInDemoMode.
    """
    if not settings.DEMO_MODE:
        raise OnlyInDemoMode
    flags = _read("flags.json")
    # All or nothing: a first start that was killed begins anew the next time.
    with transaction.atomic():
        loaded = _load_profiles(flags, now)
        loaded.people = _people(now)
        demo_loading.send(
            sender=Loaded,
            people=loaded.people,
            initiatives=loaded.initiatives,
            offers=loaded.offers,
            flags=flags,
            now=now,
        )
    if match:
        from matching.engine.runs import run_now  # noqa: PLC0415 - scipy is loaded only to match

        run_now(now=now)
        with transaction.atomic():
            demo_matched.send(
                sender=Loaded,
                people=loaded.people,
                initiatives=loaded.initiatives,
                offers=loaded.offers,
                now=now,
            )
    return loaded


def _load_profiles(flags: list[dict[str, Any]], now: datetime) -> Loaded:
    loaded = Loaded()
    known = {
        *Initiative.objects.filter(source=SOURCE).values_list("source_id", flat=True),
        *SupportOffer.objects.filter(source=SOURCE).values_list("source_id", flat=True),
    }
    rows: list[Any] = []
    ages = _ages(flags)
    for name in FILES:
        import_lines(
            lines_of(FOLDER / name),
            tell=lambda line, name=name: loaded.told.append(f"{name} {line}"),  # type: ignore[misc]  # a default binds the name of this round
            now=now,
            prepare=lambda values: _prepare(values, known, ages, now),
            stored=rows,
        )
    loaded.initiatives = {row.source_id: row for row in rows if isinstance(row, Initiative)}
    loaded.offers = {row.source_id: row for row in rows if isinstance(row, SupportOffer)}
    _mark(loaded, now)
    return loaded


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def _records() -> Iterator[tuple[int, str]]:
    """Yield (place, id) of every record of the files; the offers' places begin anew."""
    for names in (FILES[:1], FILES[1:]):
        lines = (line for name in names for line in lines_of(FOLDER / name) if line.strip())
        yield from ((place, json.loads(line)["id"]) for place, line in enumerate(lines))


def _ages(flags: list[dict[str, Any]]) -> dict[str, timedelta]:
    """Return how long ago each record was published: spread out, and before anybody flagged it."""
    flagged = {flag["initiative"]: timedelta(days=flag["days_ago"] + 6) for flag in flags}
    ages = {}
    for place, record_id in _records():
        # Steps of the golden ratio spread neighbours in the files far apart in time; squared, so
        # that more is new than old.
        share = (place * 0.618034) % 1.0
        age = timedelta(hours=3) + DAYS * share * share * timedelta(days=1)
        ages[record_id] = max(age, flagged.get(record_id, age))
    return ages


def _prepare(
    values: dict[str, Any], known: set[str], ages: Mapping[str, timedelta], now: datetime
) -> dict[str, Any]:
    """Take out what the exchange format does not have, and turn days from now into dates."""
    today = timezone.localdate(now)
    for name, target in (
        ("opens_in_days", "opens"),
        ("closes_in_days", "closes"),
        ("decision_in_days", "decision_on"),
    ):
        days = values.pop(name, None)
        if days is not None:
            values[target] = (today + timedelta(days=days)).isoformat()
    extra = {name: values.pop(name) for name in _EXTRA if name in values}
    if values["type"] == "offer":
        extra = {name: value for name, value in extra.items() if name == "contact"}
    if values["id"] in known:
        extra.pop("contact", None)
    else:
        extra["_now"] = now - ages[values["id"]]
    return extra


def _mark(loaded: Loaded, now: datetime) -> None:
    """Say of everything that it is made up, and verify the organisations that would be."""
    Initiative.objects.filter(source=SOURCE).update(is_demo=True)
    SupportOffer.objects.filter(source=SOURCE).update(is_demo=True)
    Organisation.objects.filter(source=SOURCE).update(is_demo=True)
    givers = {offer.organisation_id for offer in loaded.offers.values() if offer.is_confirmed}
    Organisation.objects.filter(pk__in=givers, verified_at__isnull=True).exclude(
        kind__in=_UNVERIFIED_KINDS
    ).update(verified_at=now - timedelta(days=DAYS + 30))


def _people(now: datetime) -> dict[str, User]:
    described = _read("people.json")
    facts = {given["name"]: given for given in described["organisations"]}
    organisations = {name: _organisation(given, now) for name, given in facts.items()}
    people = {}
    for position, person in enumerate(described["people"]):
        organisation = organisations.get(person["organisation"] or "")
        user = put_demo_person(
            email=person["email"],
            name=person["name"],
            group=_group(person, organisation),
            position=position,
            role=(person["role_sv"], person["role_en"]),
            story=(person["story_sv"], person["story_en"]),
            is_staff=bool(person.get("is_staff")),
        )
        if organisation is not None:
            Membership.objects.update_or_create(
                organisation=organisation,
                user=user,
                defaults={"role": person["membership"]},
                create_defaults={"role": person["membership"], "created_at": now},
            )
        people[person["key"]] = user
    return people


def _group(person: Mapping[str, Any], organisation: Organisation | None) -> DemoGroup:
    if person.get("is_staff"):
        return DemoGroup.STAFF
    if organisation is not None and organisation.is_intermediary:
        return DemoGroup.INTERMEDIARY
    is_giver = organisation is not None and SupportOffer.objects.filter(organisation=organisation).exists()
    return DemoGroup.GIVER if is_giver and not person.get("initiative") else DemoGroup.INNOVATOR


def _organisation(given: Mapping[str, Any], now: datetime) -> Organisation:
    problems: list[Problem] = []
    record = OrganisationRecord(given["name"], given["kind"], given["number"] or "")
    organisation = organisation_of(record, source=SOURCE, now=now, problems=problems)
    Organisation.objects.filter(pk=organisation.pk).update(
        kind=given["kind"],
        number=read_organisation_number(given["number"]) if given["number"] else "",
        area_code=given["area"] or "",
        description=given["description_sv"],
        is_intermediary=given["is_intermediary"],
        verified_at=(organisation.verified_at or now - timedelta(days=DAYS + 30))
        if given["verified"]
        else None,
        is_demo=True,
    )
    organisation.refresh_from_db()
    return organisation

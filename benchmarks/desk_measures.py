"""What `benchmarks.desk` measures, in the process that asks for it. Imported when Django is set up."""

from __future__ import annotations

import io
import logging
import os
import time
from datetime import timedelta
from typing import Any

import numpy as np
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from benchmarks.synthetic import TODAY, written_profiles
from brygga.organisations.enums import MembershipRole
from brygga.organisations.models import Membership
from brygga.users.models import User
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.desk.enums import Stage
from matching.desk.models import ShortlistEntry
from matching.engine.models import Match
from matching.engine.services import run_now
from matching.exchange.load import fill

#: Every tenth case lies in each of these.
MOVED = (Stage.SHORTLISTED, Stage.IN_DIALOGUE, Stage.DISMISSED)


def measured(matches: int, asks: int, seed: int = 1) -> dict[str, Any]:
    """Fill, match, ask; return milliseconds, queries and kilobytes of each page."""
    logging.disable(logging.INFO)
    now = timezone.now()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_taxonomy", verbosity=0, stdout=io.StringIO())
    fill(written_profiles(matches + matches // 4, 40, seed), made_on=TODAY, now=now)
    run_now(now=now)
    # Those that most initiatives fit.
    offer, peer = SupportOffer.objects.annotate(number=Count("matches")).order_by("-number", "pk")[:2]
    desk, beside = _crowded(offer, matches), _crowded(peer, matches // 100)
    print(f"matched; {desk} and {beside} matches", flush=True)
    member = User.objects.create(email="officer@exempel.example", name="Handläggare", language="sv")
    for one in (offer, peer):
        Membership.objects.create(organisation=one.organisation, user=member, role=MembershipRole.OWNER)
        _worked_on(one, member)
    client = Client(headers={"Host": "localhost"})
    client.force_login(member)
    pages = {}
    for name, address in _pages(offer).items():
        theirs = _asked(client, _pages(peer)[name], asks)
        row = _asked(client, address, asks)
        pages[name] = row | {
            "peer_p50_ms": theirs["p50_ms"],
            "ratio": round(row["p50_ms"] / theirs["p50_ms"], 2),
        }
        if row["queries"] != theirs["queries"]:
            print(f"{name}: {row['queries']} queries, {theirs['queries']} with few matches", flush=True)
    return {
        "matches": desk,
        "peer_matches": beside,
        "pages": pages,
        "load": round(os.getloadavg()[0], 1),
    }


def _crowded(offer: SupportOffer, wanted: int) -> int:
    """Bring an offer's matches to that number: too many go, too few are copies of one of its own."""
    own = Match.objects.filter(offer=offer)
    there = list(own.order_by("-fit", "pk").values_list("pk", flat=True))
    own.filter(pk__in=there[wanted:]).delete()
    missing = wanted - len(there)
    if missing > 0:
        pattern = own.get(pk=there[0])
        others = Initiative.objects.exclude(pk__in=own.values("initiative")).order_by("pk")[:missing]
        copies = []
        for place, initiative in enumerate(others):
            copy = Match.objects.get(pk=pattern.pk)
            copy.pk, copy.initiative = None, initiative
            copy.fit = max(0.01, float(pattern.fit) - place / (2 * missing))
            copies.append(copy)
        Match.objects.bulk_create(copies, batch_size=500)
    return own.count()


def _worked_on(offer: SupportOffer, member: User) -> None:
    """Three cases of ten are moved, most of them with a note, somebody who has it and a day."""
    now = timezone.now()
    cases = list(Match.objects.filter(offer=offer).order_by("pk").values_list("initiative", flat=True))
    entries = []
    for place, initiative in enumerate(cases):
        if place % 10 >= len(MOVED):
            continue
        stage = MOVED[place % 10]
        entries.append(
            ShortlistEntry(
                offer=offer,
                initiative_id=initiative,
                stage=stage,
                note="Ringde i tisdags. De vill börja i Hjo och frågar om lokal till våren.",
                reason="other" if stage == Stage.DISMISSED else "",
                assignee=member if place % 20 < 10 else None,
                due_on=timezone.localdate(now) + timedelta(days=place % 40 - 10),
                changed_by=member,
            )
        )
    ShortlistEntry.objects.bulk_create(entries)


def _pages(offer: SupportOffer) -> dict[str, str]:
    desk = reverse("matching:desk", args=[offer.public_id])
    every = reverse("matching:all-cases", args=[offer.organisation.public_id])
    return {
        "board": desk,
        "board, due": f"{desk}?due=late",
        "table, first page": f"{desk}?view=table",
        "table, tenth page": f"{desk}?view=table&page=10",
        "table, 200 rows": f"{desk}?view=table&rows=200",
        "all cases": every,
        "list of matches": reverse("matching:for-offer", args=[offer.public_id]),
    }


def _asked(client: Client, address: str, asks: int) -> dict[str, Any]:
    # What is loaded once is loaded by then.
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    number = len(queries)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answers {answer.status_code}")
    taken = []
    for _ in range(asks):
        begun = time.perf_counter()
        client.get(address)
        taken.append((time.perf_counter() - begun) * 1000)
    return {
        "p50_ms": round(float(np.percentile(taken, 50)), 1),
        "p95_ms": round(float(np.percentile(taken, 95)), 1),
        "queries": number,
        "kilobytes": round(len(answer.content) / 1024, 1),
    }

"""What `benchmarks.quick` measures, in the process that asks for it. Imported when Django is set up."""

from __future__ import annotations

import io
import os
import time
from typing import Any

import numpy as np
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from benchmarks.synthetic import TODAY, written_profiles
from matching.engine.services import run_now
from matching.exchange.load import fill
from matching.kernel.facts import InitiativeFacts
from matching.quick import limits
from matching.quick.selectors import warm

WHO = ("", "informal_group", "association", "individual", "company")
PLACES = ("", "Göteborg", "Skåne län", "41502", "Hjo", "Norrbotten")
KINDS = ([], ["grant"], ["mentoring", "network"], ["grant", "premises"])


def measured(offers: int, initiatives: int, asks: int, seed: int = 1) -> dict[str, Any]:
    """Fill, match, ask; return milliseconds."""
    limits.ASKING = limits.Limit("ask", 10**9, 60)
    now = timezone.now()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_taxonomy", verbosity=0, stdout=io.StringIO())
    fill(written_profiles(initiatives, offers, seed), made_on=TODAY, now=now)
    print(f"filled with {offers} offers", flush=True)
    run_now(now=now)
    print("matched", flush=True)
    texts = [
        facts.document.body[:590]
        for facts in written_profiles(asks, 1, seed + 1)
        if isinstance(facts, InitiativeFacts)
    ]
    client = Client(headers={"Host": "localhost"})
    forms = [
        {
            "change": text or "Unga ska få jobb",
            "place": PLACES[number % len(PLACES)],
            "who": WHO[number % len(WHO)],
            "kinds": KINDS[number % len(KINDS)],
        }
        for number, text in enumerate(texts)
    ]
    begun = time.perf_counter()
    warm()
    warming = time.perf_counter() - begun
    taken, worked, cards = [], [], 0
    for form in forms:
        begun, processor = time.perf_counter(), time.process_time()
        answer = client.post("/hitta-stod/", form)
        taken.append(time.perf_counter() - begun)
        worked.append(time.process_time() - processor)
        assert answer.status_code == 200, answer.status_code
        cards += answer.content.count(b"<article")
    milliseconds = np.array(taken[1:]) * 1000
    return {
        "offers": offers,
        "asks": asks,
        "warming_ms": round(warming * 1000),
        "first_ms": round(taken[0] * 1000),
        "p50_ms": round(float(np.percentile(milliseconds, 50)), 1),
        "p95_ms": round(float(np.percentile(milliseconds, 95)), 1),
        # Of this process's own work: what is left of the figures when others use the machine.
        "processor_p95_ms": round(float(np.percentile(np.array(worked[1:]) * 1000, 95)), 1),
        "most_ms": round(float(milliseconds.max()), 1),
        "cards": round(cards / len(forms), 1),
        "load": round(os.getloadavg()[0], 1),
    }

"""The verbs of the engine. Loads the kernel: the web process uses `asking` and `control` instead."""

from __future__ import annotations

from datetime import datetime

from matching.engine.asking import ask_again, ask_for_rescoring, many_changes
from matching.engine.collection import collection_for
from matching.engine.control import NothingToGoBackTo, request_run, roll_back
from matching.engine.models import MatchRun
from matching.engine.rescoring import NoCurrentRun, rescore_initiative, rescore_offer
from matching.engine.runs import RunBusy, RunNotPublished, execute_run, run_now, work_once

__all__ = [
    "NoCurrentRun",
    "NothingToGoBackTo",
    "RunBusy",
    "RunNotPublished",
    "ask_again",
    "ask_for_rescoring",
    "execute_run",
    "make_ready",
    "many_changes",
    "request_run",
    "rescore_initiative",
    "rescore_initiative_or_run",
    "rescore_offer",
    "rescore_offer_or_run",
    "roll_back",
    "run_now",
    "work_once",
]


def make_ready(*, now: datetime) -> None:
    """Have in this process what a changed profile is matched with, before anybody changes one."""
    run = MatchRun.objects.filter(is_current=True, analysis__isnull=False).first()
    if run is not None:
        collection_for(run, now).make_ready(now)


def rescore_initiative_or_run(*, initiative_id: int, now: datetime) -> None:
    """Renew an initiative's matches; when nothing has been published yet, match everything."""
    try:
        rescore_initiative(initiative_id=initiative_id, now=now)
    except NoCurrentRun:
        run_now(now=now)


def rescore_offer_or_run(*, offer_id: int, now: datetime) -> None:
    """Renew an offer's matches; when nothing has been published yet, match everything."""
    try:
        rescore_offer(offer_id=offer_id, now=now)
    except NoCurrentRun:
        run_now(now=now)

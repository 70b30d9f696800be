"""Demo data: the challenges of the made-up public bodies, and who answers them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from brygga.challenges.models import Challenge
from brygga.challenges.services import end_challenge, publish_challenge, tell_challenge
from brygga.organisations.models import Organisation
from funders.models import SupportOffer
from innovators.models import Initiative
from matching.challenges.services import answer_challenge
from matching.exchange.demonstration import FOLDER


def load_demo_challenges(
    *, initiatives: Mapping[str, Initiative], offers: Mapping[str, SupportOffer], now: datetime, **_: Any
) -> None:
    """Tell what the demo file says, as long ago as it says. A challenge that is there stays as it is."""
    for given in json.loads((FOLDER / "challenges.json").read_text(encoding="utf-8")):
        body = Organisation.objects.get(name=given["organisation"])
        if Challenge.objects.filter(organisation=body, title=given["title"]).exists():
            continue
        then = now - timedelta(days=given["days_ago"])
        values = {"title": given["title"], "text": given["text"], "wish": given["wish"]}
        values |= {"theme_code": given["theme"], "area_code": given["area"]}
        challenge = tell_challenge(organisation=body, actor=None, now=then, values=values)
        publish_challenge(challenge=challenge, actor=None, now=then)
        for key in given["initiatives"]:
            answer_challenge(challenge=challenge, profile=initiatives[key], actor=None, now=then)
        for key in given["offers"]:
            answer_challenge(challenge=challenge, profile=offers[key], actor=None, now=then)
        if given["ended_days_ago"] is not None:
            ended = now - timedelta(days=given["ended_days_ago"])
            end_challenge(challenge=challenge, actor=None, now=ended)

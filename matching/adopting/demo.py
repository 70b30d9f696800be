"""Demo data: what made-up municipalities and associations want to take up."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from brygga.organisations.models import Organisation
from innovators.adopting.services import publish_adopter, register_adopter
from innovators.models import Adopter
from matching.exchange.demonstration import FOLDER

_AS_GIVEN = ("title", "change", "who_we_are", "puts_in", "decides", "starts", "to_know", "not_accepted")


def load_demo_adopters(*, now: datetime, **_: Any) -> None:
    """Tell what the demo file says, as long ago as it says. What is there stays as it is."""
    for given in json.loads((FOLDER / "adopters.json").read_text(encoding="utf-8")):
        organisation = Organisation.objects.get(name=given["organisation"])
        if Adopter.objects.filter(organisation=organisation, title=given["title"]).exists():
            continue
        then = now - timedelta(days=given["days_ago"])
        values = {name: given[name] for name in _AS_GIVEN}
        values |= {"theme_codes": given["themes"], "target_group_codes": given["groups"]}
        values |= {"area_codes": given["areas"]}
        values |= {"amount_min": given["amount"][0], "amount_max": given["amount"][1]}
        adopter = register_adopter(organisation=organisation, actor=None, now=then, values=values)
        publish_adopter(adopter=adopter, actor=None, now=then)

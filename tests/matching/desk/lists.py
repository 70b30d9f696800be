"""Addresses of the lists of matches, and what they show."""

from __future__ import annotations

from django.test import Client

from funders.models import SupportOffer
from innovators.models import Initiative


def support_url(initiative: Initiative, rest: str = "") -> str:
    return f"/traffar/initiativ/{initiative.public_id}/{rest}"


def cases_url(offer: SupportOffer, rest: str = "") -> str:
    return f"/traffar/stod/{offer.public_id}/{rest}"


def shown_support(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [card.title for card in answer.context["cards"]]


def shown_cases(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return [case.title for case in answer.context["cases"]]

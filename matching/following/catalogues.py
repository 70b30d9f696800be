"""The two catalogues, told to those who keep searches: what is searched and how a hit is named in a mail."""

from __future__ import annotations

from django.urls import reverse

from brygga.language import mask_contact_details
from brygga.search.enums import CatalogueKind
from brygga.search.registry import Found, Searchable, register
from funders import selectors as funders
from funders.models import SupportOffer
from innovators import selectors as innovators
from innovators.models import Initiative


def connect() -> None:
    """Hang both up; doing it again changes nothing."""
    register(
        CatalogueKind.INITIATIVES,
        Searchable(
            catalogue=lambda user, _now: innovators.initiative_catalogue(user),
            page="innovators:catalogue",
            name=name_of_initiative,
        ),
    )
    register(
        CatalogueKind.OFFERS,
        Searchable(catalogue=funders.offer_catalogue, page="funders:catalogue", name=name_of_offer),
    )


def name_of_initiative(initiative: Initiative) -> Found:
    """Return how an initiative that everybody may see is named, in the language that is on."""
    return Found(
        one_line(innovators.telling(initiative).title or str(initiative)),
        innovators.owner_name(initiative.organisation),
        reverse("innovators:detail", args=[initiative.public_id]),
    )


def name_of_offer(offer: SupportOffer) -> Found:
    """Return how an offer is named, in the language that is on."""
    return Found(
        one_line(funders.telling(offer).title or str(offer)),
        funders.giver_name(offer.organisation),
        reverse("funders:detail", args=[offer.public_id]),
    )


def one_line(title: str) -> str:
    """Return a title as a mail can bear it: one line, without contact details."""
    return " ".join(mask_contact_details(title).text.split())

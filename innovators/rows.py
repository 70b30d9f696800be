"""The rows of an initiative: needs and actors. Written only by `services`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from brygga.organisations.registration.masking import mask_changes
from innovators.models import Actor, Initiative, Need

MOST_ROWS = 50


def row_errors(changes: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is wrong with needs, actors and contact, per name in `changes`."""
    errors: dict[str, list[str]] = {}
    for name, build in (("needs", _need), ("actors", _actor)):
        given: Sequence[Mapping[str, Any]] = changes.get(name) or []
        if len(given) > MOST_ROWS:
            errors[name] = [gettext("At most %(number)d rows.") % {"number": MOST_ROWS}]
            continue
        said: list[str] = []
        for position, row in enumerate(given):
            try:
                build(row, position).clean_fields(exclude=["initiative"])
            except ValidationError as error:
                said += [
                    gettext("Row %(number)d: %(message)s") % {"number": position + 1, "message": message}
                    for message in error.messages
                ]
        if said:
            errors[name] = said
    return errors


def _need(row: Mapping[str, Any], position: int) -> Need:
    kind: Any = row.get("kind")
    return Need(position=position, kind=kind, amount=row.get("amount"), hours=row.get("hours"))


def _actor(row: Mapping[str, Any], position: int) -> Actor:
    return Actor(
        position=position,
        name=row.get("name") or "",
        kind=row.get("kind") or None,
        role=row.get("role") or "",
    )


def replace_needs(initiative: Initiative, given: Iterable[Mapping[str, Any]]) -> set[str]:
    """Replace all needs, and return the kinds of support that were not asked for before."""
    before = set(initiative.needs.values_list("kind", flat=True))
    initiative.needs.all().delete()
    needs = [_need(row, position) for position, row in enumerate(given)]
    for need in needs:
        need.initiative = initiative
    Need.objects.bulk_create(needs)
    return {need.kind for need in needs} - before


def replace_actors(initiative: Initiative, given: Iterable[Mapping[str, Any]]) -> None:
    """Replace all actors. A person who has confirmed their name stays confirmed under that name."""
    confirmed = {
        (actor.name, actor.kind): actor.confirmed_at
        for actor in initiative.actors.all()
        if actor.confirmed_at
    }
    initiative.actors.all().delete()
    actors = []
    for position, row in enumerate(given):
        # Nobody's phone number stands in a name or a role; there is no private copy of these.
        actor = _actor(mask_changes(row, ("name", "role")).public, position)
        actor.initiative = initiative
        actor.confirmed_at = confirmed.get((actor.name, actor.kind))
        actors.append(actor)
    Actor.objects.bulk_create(actors)


def stored_needs(initiative: Initiative) -> list[dict[str, Any]]:
    return [dict(row) for row in initiative.needs.order_by("position").values("kind", "amount", "hours")]


def stored_actors(initiative: Initiative) -> list[dict[str, Any]]:
    return [dict(row) for row in initiative.actors.order_by("position").values("name", "kind", "role")]


def differences(
    initiative: Initiative, changes: Mapping[str, Any], text_fields: Iterable[str]
) -> dict[str, Any]:
    """Return the changes that would change something."""
    public = mask_changes(changes, text_fields).public
    differing: dict[str, Any] = {}
    for name, value in changes.items():
        if name == "needs":
            wanted = [{key: row.get(key) for key in ("kind", "amount", "hours")} for row in value]
            is_same = wanted == stored_needs(initiative)
        elif name == "actors":
            masked = [mask_changes(row, ("name", "role")).public for row in value]
            wanted = [
                {
                    "name": row.get("name") or "",
                    "kind": row.get("kind") or None,
                    "role": row.get("role") or "",
                }
                for row in masked
            ]
            is_same = wanted == stored_actors(initiative)
        elif name in ("contact", "shared_with"):
            is_same = False
        else:
            is_same = getattr(initiative, name) == public[name]
        if not is_same:
            differing[name] = value
    return differing

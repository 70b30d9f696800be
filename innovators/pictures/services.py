"""Put a picture on an initiative's page, and take it away."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction

from brygga.audit.services import record
from brygga.core.pictures import CheckedPicture
from brygga.language import mask_contact_details
from brygga.users.models import User
from innovators import permissions
from innovators.models import Initiative, InitiativePicture

#: A page is read on phones, also where the line is slow.
MOST_PICTURES = 5


class TooManyPictures(Exception):
    """As many as a page bears are there already."""


def add_picture(
    *, initiative: Initiative, picture: CheckedPicture, alt: str, actor: User, now: datetime
) -> InitiativePicture:
    """Put a picture on the page, after those that are there. Raises PermissionDenied or TooManyPictures.

    A row that is refused leaves no file behind.
    """
    if not permissions.can_change_initiative(actor, initiative):
        raise PermissionDenied
    made = InitiativePicture(
        initiative=initiative,
        alt=mask_contact_details(alt.strip()).text,
        kind=picture.kind,
        added_by=actor,
        added_at=now,
    )
    try:
        with transaction.atomic():
            # One at a time, so that of many at once not too many come through.
            Initiative.objects.select_for_update(of=("self",)).get(pk=initiative.pk)
            if InitiativePicture.objects.filter(initiative=initiative).count() >= MOST_PICTURES:
                raise TooManyPictures
            made.file.save(uuid.uuid4().hex, ContentFile(picture.content), save=False)
            made.save()
            _record("initiative.picture_added", made, actor, now)
    except Exception:
        if made.file.name:
            made.file.storage.delete(made.file.name)
        raise
    return made


@transaction.atomic
def remove_picture(*, picture: InitiativePicture, actor: User, now: datetime) -> None:
    """Take a picture away for good. Raises PermissionDenied."""
    if not permissions.can_change_initiative(actor, picture.initiative):
        raise PermissionDenied
    _record("initiative.picture_removed", picture, actor, now)
    picture.delete()


def _record(verb: str, picture: InitiativePicture, actor: User, now: datetime) -> None:
    record(
        verb=verb,
        subject=picture.initiative,
        actor=actor,
        now=now,
        organisation_id=picture.initiative.organisation_id,
    )

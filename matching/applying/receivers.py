"""What an initiative's people have said of support goes when its application goes, whatever takes it away."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete

from matching.applying.models import Application
from matching.awards.models import SupportGiven


def connect() -> None:
    post_delete.connect(delete_award, sender=Application, dispatch_uid="matching.delete_award")


def delete_award(*, instance: Application, **_: Any) -> None:
    """Delete the record of support that only this application stood for."""
    if instance.award_id is not None:
        SupportGiven.everything.filter(pk=instance.award_id).delete()

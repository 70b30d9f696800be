from __future__ import annotations

from brygga.organisations.models import Organisation
from brygga.organisations.verification.enums import VerificationState
from brygga.organisations.verification.models import VerificationRequest


def newest_request(organisation: Organisation) -> VerificationRequest | None:
    """Return the latest request that was not taken back."""
    asked = organisation.verification_requests.exclude(state=VerificationState.TAKEN_BACK)
    return asked.order_by("-asked_at", "-pk").first()

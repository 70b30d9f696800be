"""What can be done with organisations and their members. Every verb is audited."""

from brygga.organisations.numbers import (
    LooksLikePersonalNumber,
    NotAnOrganisationNumber,
    read_organisation_number,
)
from brygga.organisations.services.invitations import (
    AlreadyMember,
    InvitationRefused,
    InvitationUnusable,
    TooManyInvitations,
    WrongAccount,
    accept_invitation,
    find_invitation,
    invite,
    is_for,
    withdraw_invitation,
)
from brygga.organisations.services.members import (
    LastOwner,
    change_role,
    leave_organisation,
    remove_member,
)
from brygga.organisations.services.organisations import (
    OWN_KINDS,
    VerifiedDetailsLocked,
    change_organisation,
    create_organisation,
    ensure_own_organisation,
    set_intermediary,
    verify_organisation,
    withdraw_verification,
)

__all__ = [
    "OWN_KINDS",
    "AlreadyMember",
    "InvitationRefused",
    "InvitationUnusable",
    "LastOwner",
    "LooksLikePersonalNumber",
    "NotAnOrganisationNumber",
    "TooManyInvitations",
    "VerifiedDetailsLocked",
    "WrongAccount",
    "accept_invitation",
    "change_organisation",
    "change_role",
    "create_organisation",
    "ensure_own_organisation",
    "find_invitation",
    "invite",
    "is_for",
    "leave_organisation",
    "read_organisation_number",
    "remove_member",
    "set_intermediary",
    "verify_organisation",
    "withdraw_invitation",
    "withdraw_verification",
]

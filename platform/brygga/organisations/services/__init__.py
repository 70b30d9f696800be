"""What can be done with organisations and their members. Every verb is audited."""

from brygga.organisations.leaving import ContactMissing, NewContact
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
    CannotTakeOver,
    LastOwner,
    change_role,
    hold_members,
    hold_writer,
    leave_organisation,
    remove_member,
)
from brygga.organisations.services.organisations import (
    OWN_KINDS,
    OwnOrganisation,
    VerifiedDetailsLocked,
    change_organisation,
    create_organisation,
    ensure_own_organisation,
    set_intermediary,
    verify_organisation,
    withdraw_verification,
)
from brygga.organisations.two_steps import (
    BadDay,
    NoSecondFactor,
    require_two_steps,
    stop_requiring_two_steps,
)

__all__ = [
    "OWN_KINDS",
    "AlreadyMember",
    "BadDay",
    "CannotTakeOver",
    "ContactMissing",
    "InvitationRefused",
    "InvitationUnusable",
    "LastOwner",
    "LooksLikePersonalNumber",
    "NewContact",
    "NoSecondFactor",
    "NotAnOrganisationNumber",
    "OwnOrganisation",
    "TooManyInvitations",
    "VerifiedDetailsLocked",
    "WrongAccount",
    "accept_invitation",
    "change_organisation",
    "change_role",
    "create_organisation",
    "ensure_own_organisation",
    "find_invitation",
    "hold_members",
    "hold_writer",
    "invite",
    "is_for",
    "leave_organisation",
    "read_organisation_number",
    "remove_member",
    "require_two_steps",
    "set_intermediary",
    "stop_requiring_two_steps",
    "verify_organisation",
    "withdraw_invitation",
    "withdraw_verification",
]

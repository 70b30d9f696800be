"""Kinds of organisations and of support as they stand inside a sentence, with their article."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from brygga.taxonomy.enums import OrganisationKind, SupportKind

#: As in "If … leads the work" and "The one who leads must be …".
KINDS_WITH_ARTICLE: dict[str, str | Promise] = {
    OrganisationKind.ASSOCIATION: _("a non-profit association"),
    OrganisationKind.FOUNDATION: _("a foundation"),
    OrganisationKind.ECONOMIC_ASSOCIATION: _("an economic association (cooperative)"),
    OrganisationKind.COMPANY: _("a company"),
    OrganisationKind.MUNICIPALITY: _("a municipality"),
    OrganisationKind.REGION: _("a region"),
    OrganisationKind.STATE_AGENCY: _("a state agency"),
    OrganisationKind.UNIVERSITY: _("a university or university college"),
    OrganisationKind.FAITH_COMMUNITY: _("a faith community"),
    OrganisationKind.INFORMAL_GROUP: _("a group without an organisation number"),
    OrganisationKind.INDIVIDUAL: _("a private individual"),
}

#: As in "If you also need …" and "The support is for those who need …".
SUPPORT_NOUNS: dict[str, str | Promise] = {
    SupportKind.GRANT: _("a grant"),
    SupportKind.LOAN: _("a loan"),
    SupportKind.GUARANTEE: _("a loan guarantee"),
    SupportKind.EQUITY: _("a part-owner"),
    SupportKind.PROCUREMENT: _("a public buyer or partner"),
    SupportKind.OUTCOME_CONTRACT: _("payment by results"),
    SupportKind.MENTORING: _("a mentor"),
    SupportKind.KNOWLEDGE: _("knowledge and methods"),
    SupportKind.EVALUATION: _("help with evaluation"),
    SupportKind.PREMISES: _("premises or equipment"),
    SupportKind.STAFF_TIME: _("working hours or volunteers"),
    SupportKind.NETWORK: _("contacts and networks"),
    SupportKind.TEST_SITE: _("a place to test"),
    SupportKind.DATA: _("data and statistics"),
    SupportKind.COMMUNICATION: _("help to be seen and heard"),
    SupportKind.MANDATE: _("somebody with a mandate to make the change last"),
}

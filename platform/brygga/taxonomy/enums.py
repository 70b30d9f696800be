"""The short fixed lists that every part of Brygga speaks in.

Codes are stored and exchanged; labels are what people read. Longer lists that staff may edit
(themes, target groups, methods, kinds of innovation, areas) are rows, not enums: see models.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class OrganisationKind(TextChoices):
    """What an actor is, legally or in practice."""

    ASSOCIATION = "association", _("Non-profit association")
    FOUNDATION = "foundation", _("Foundation")
    ECONOMIC_ASSOCIATION = "economic_association", _("Economic association or cooperative")
    COMPANY = "company", _("Company")
    MUNICIPALITY = "municipality", _("Municipality")
    REGION = "region", _("Region")
    STATE_AGENCY = "state_agency", _("State agency")
    UNIVERSITY = "university", _("University or university college")
    FAITH_COMMUNITY = "faith_community", _("Faith community")
    INFORMAL_GROUP = "informal_group", _("Group without an organisation number")
    INDIVIDUAL = "individual", _("Private individual")


class SupportKind(TextChoices):
    """What one party can need and another can give. Money is only some of it."""

    GRANT = "grant", _("Grant")
    LOAN = "loan", _("Loan")
    GUARANTEE = "guarantee", _("Loan guarantee")
    EQUITY = "equity", _("Part-ownership (equity)")
    PROCUREMENT = "procurement", _("Purchase or partnership with a public body")
    OUTCOME_CONTRACT = "outcome_contract", _("Payment by results")
    MENTORING = "mentoring", _("Mentoring")
    KNOWLEDGE = "knowledge", _("Knowledge and methods")
    EVALUATION = "evaluation", _("Help with evaluation")
    PREMISES = "premises", _("Premises and equipment")
    STAFF_TIME = "staff_time", _("Working hours and volunteers")
    NETWORK = "network", _("Contacts and networks")
    TEST_SITE = "test_site", _("A place to test")
    DATA = "data", _("Data and statistics")
    COMMUNICATION = "communication", _("Help to be seen and heard")
    MANDATE = "mandate", _("Mandate: someone who can make the change last")


MONEY_KINDS: frozenset[SupportKind] = frozenset(
    {
        SupportKind.GRANT,
        SupportKind.LOAN,
        SupportKind.GUARANTEE,
        SupportKind.EQUITY,
        SupportKind.PROCUREMENT,
        SupportKind.OUTCOME_CONTRACT,
    }
)
OTHER_KINDS: frozenset[SupportKind] = frozenset(SupportKind) - MONEY_KINDS

SUPPORT_KIND_HINTS: dict[SupportKind, StrPromise] = {
    SupportKind.GRANT: _("Money that is not paid back."),
    SupportKind.LOAN: _("Money that is paid back, sometimes on mild terms."),
    SupportKind.GUARANTEE: _("Someone vouches for your loan at a bank."),
    SupportKind.EQUITY: _("Money in exchange for a share of the organisation."),
    SupportKind.PROCUREMENT: _(
        "A municipality, region or agency buys the service or enters a civil-public partnership."
    ),
    SupportKind.OUTCOME_CONTRACT: _("Payment when agreed results have been reached."),
    SupportKind.MENTORING: _("An experienced person to talk things through with."),
    SupportKind.KNOWLEDGE: _("Expertise, methods, training or research."),
    SupportKind.EVALUATION: _("Help to follow up and show what the work leads to."),
    SupportKind.PREMISES: _("Rooms, land, vehicles, tools or machines to use."),
    SupportKind.STAFF_TIME: _("People who lend a hand, paid by someone else or as volunteers."),
    SupportKind.NETWORK: _("Doors opened to people and organisations that matter."),
    SupportKind.TEST_SITE: _("A real workplace, school, ward or neighbourhood to try the solution in."),
    SupportKind.DATA: _("Figures and records that help you to understand or to measure."),
    SupportKind.COMMUNICATION: _("Help with texts, pictures, media, meetings or campaigns."),
    SupportKind.MANDATE: _("Someone with the authority to adopt the solution and keep it running."),
}


class ProcessPart(TextChoices):
    """The six parts of a social innovation process. Not a sequence: they recur and interweave."""

    UNDERSTAND = "understand", _("Understand the challenge")
    ENVISION = "envision", _("Envision change")
    MOBILISE = "mobilise", _("Mobilise")
    DEVELOP = "develop", _("Develop and test")
    REALISE = "realise", _("Realise and spread")
    VALUE = "value", _("Create value")


PROCESS_PART_QUESTIONS: dict[ProcessPart, StrPromise] = {
    ProcessPart.UNDERSTAND: _("What is the problem, and how do those who live with it see it?"),
    ProcessPart.ENVISION: _("What would everyday life look like if you succeeded?"),
    ProcessPart.MOBILISE: _("Who needs to be on board, and what can each of them bring?"),
    ProcessPart.DEVELOP: _("What are you trying out, and what have you learnt from it?"),
    ProcessPart.REALISE: _("How will the work live on, and where could it spread?"),
    ProcessPart.VALUE: _("What has become better, for whom, and how can it be seen?"),
}

PROCESS_PART_HINTS: dict[ProcessPart, StrPromise] = {
    ProcessPart.UNDERSTAND: _(
        "Talk to the people concerned and look at the problem from several sides, "
        "for example by interviews, walks in the area or figures from the municipality."
    ),
    ProcessPart.ENVISION: _(
        "Think freely together before you choose a solution. Which habits and rules could be different?"
    ),
    ProcessPart.MOBILISE: _(
        "Bring together people, knowledge and money. "
        "Involve early someone who can decide on a lasting change."
    ),
    ProcessPart.DEVELOP: _(
        "Test small and cheaply with those concerned, and change what does not work. "
        "A failed test is a result too."
    ),
    ProcessPart.REALISE: _(
        "Find a form that lasts beyond the project. Note what has to stay the same "
        "and what each new place may adapt."
    ),
    ProcessPart.VALUE: _(
        "Follow a few signs of change over time: social, environmental and economic. "
        "Show them with both figures and stories."
    ),
}


class RefusalReason(TextChoices):
    """Why people say no to a form of support."""

    OWN_DECISIONS = "own_decisions", _("We want to decide and own it ourselves")
    NO_DEBT = "no_debt", _("We cannot or will not owe money")
    TOO_MUCH_WORK = "too_much_work", _("It takes more time or paperwork than we have")
    NOT_ALLOWED = "not_allowed", _("Our statutes, or the law, do not let us")
    AGAINST_VALUES = "against_values", _("It goes against what we stand for")
    HARMED_BEFORE = "harmed_before", _("It has turned out badly before")
    NOT_NEEDED = "not_needed", _("We do not need it")


class Driver(TextChoices):
    """Why people do it. Often something else than profit, which matters to those who support them."""

    OWN_EXPERIENCE = "own_experience", _("We have lived with the problem ourselves")
    UNMET_NEED = "unmet_need", _("People near us do not get the support they need")
    EQUAL_CHANCES = "equal_chances", _("Everyone should have the same chances")
    BELONGING = "belonging", _("People should meet and belong")
    OWN_VOICE = "own_voice", _("Those concerned should decide more themselves")
    LOCAL_PLACE = "local_place", _("Our place should stay alive and be good to live in")
    CLIMATE_AND_NATURE = "climate_and_nature", _("The climate and nature must be cared for")
    JOBS_FOR_MORE = "jobs_for_more", _("More people should find work and earn their own living")
    BETTER_PUBLIC_SERVICE = "better_public_service", _("Public services should work better for people")
    KNOWLEDGE_TO_USE = "knowledge_to_use", _("Research and experience should come to use")
    LASTING_ENTERPRISE = "lasting_enterprise", _("We want to run an enterprise whose surplus does good")
    SPREAD_WHAT_WORKS = "spread_what_works", _("Something that works should reach more people")


class Participation(TextChoices):
    """How those concerned take part."""

    INFORMED = "informed", _("They are told what happens")
    CONSULTED = "consulted", _("They are asked for their view")
    CO_CREATING = "co_creating", _("They shape the solution with us")
    DECIDING = "deciding", _("They make the decisions")


class FormAfter(TextChoices):
    """In what form the work lives on when the project ends."""

    ALLIANCE = "alliance", _("An alliance of several parties")
    NEW_ORGANISATION = "new_organisation", _("A new organisation")
    INTERNAL_UNIT = "internal_unit", _("A unit inside an organisation that exists")
    TAKEN_OVER = "taken_over", _("Somebody else takes it over")
    NONE_YET = "none_yet", _("Nothing planned yet")


class AreaKind(TextChoices):
    """The levels of the tree of areas, widest first."""

    WORLD = "world", _("World")
    EUROPE = "europe", _("Europe")
    NORDIC = "nordic", _("Nordic countries")
    COUNTRY = "country", _("Country")
    COUNTY = "county", _("County")
    MUNICIPALITY = "municipality", _("Municipality")


class AreaNameKind(TextChoices):
    """Why a name points at an area; the most official kind wins when two areas share a name."""

    CODE = "code", _("Code")
    OFFICIAL = "official", _("Official name")
    SHORT = "short", _("Short name")
    OTHER = "other", _("Other name")
    POSTAL_CODE = "postal_code", _("Postal code")
    LOCALITY = "locality", _("Locality")

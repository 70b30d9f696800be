from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AppliesTo(TextChoices):
    """Whom a rule on kinds of organisation is about."""

    LEAD = "lead", _("the organisation that leads")
    ANY = "any", _("at least one of those taking part")
    ALL = "all", _("all who take part")


class ApplyWay(TextChoices):
    """How one gets the support."""

    INTRODUCTION = "introduction", _("An introduction here")
    OWN_FORM = "own_form", _("The giver's own form")
    OPEN_CONTACT = "open_contact", _("Contact the giver directly")


class Strict(TextChoices):
    """Wishes that an offer may turn into requirements."""

    THEMES = "themes", _("Themes")
    TARGET_GROUPS = "target_groups", _("Target groups")
    PROCESS_PARTS = "process_parts", _("Parts of the process")
    LANGUAGE = "language", _("Language")
    AMOUNT = "amount", _("Amount")
    CO_FUNDING = "co_funding", _("Co-funding")


# How many days a giver may say that an answer takes.
FEWEST_ANSWER_DAYS, MOST_ANSWER_DAYS = 7, 90

# Questions that publishing waits for. The first three must say something; for the place "don't know
# yet" is an answer.
REQUIRED_ANSWERS = ("title", "description", "support", "places")

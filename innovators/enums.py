from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Visibility(TextChoices):
    """Who may see a published initiative."""

    EVERYONE = "everyone", _("Everyone")
    FITTING_GIVERS = "fitting_givers", _("Verified givers of support that it fits")
    CHOSEN = "chosen", _("Only organisations that I choose")


class RecordVisibility(TextChoices):
    """Who may see what is written about the work as it goes on."""

    PAGE = "page", _("Everyone who may see the initiative")
    OURS = "ours", _("Only we who work with it")


class ValueKind(TextChoices):
    """What kind of value an indicator shows."""

    SOCIAL = "social", _("For people")
    ENVIRONMENTAL = "environmental", _("For the environment")
    ECONOMIC = "economic", _("For the economy")


class LegalEntity(TextChoices):
    """Does the lead have an organisation number? A fiscal sponsor is an ordinary answer."""

    YES = "yes", _("Yes, we have an organisation number")
    FISCAL_SPONSOR = "fiscal_sponsor", _("No, but another organisation receives money for us")
    NO = "no", _("No, not yet")


class CatalogueView(TextChoices):
    """How the catalogue is shown."""

    LIST = "list", _("List")
    TABLE = "table", _("Table")
    MAP = "map", _("Map")


# Questions that publishing waits for. Name and change must say something; for the others "don't know
# yet" is an answer: a person who knows neither place nor needs is still worth finding.
REQUIRED_ANSWERS = ("title", "change", "places", "themes", "needs")

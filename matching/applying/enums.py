from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DidApply(TextChoices):
    YES = "yes", _("Yes, we applied")
    NO = "no", _("No, we did not apply")
    NOT_YET = "not_yet", _("Not yet")


class Outcome(TextChoices):
    WAITING = "waiting", _("We wait for an answer")
    YES = "yes", _("We got the support")
    NO = "no", _("We did not get it")
    WITHDREW = "withdrew", _("We took the application back")

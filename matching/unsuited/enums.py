from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class UnsuitedReason(TextChoices):
    """Why support does not suit those who look for it. For themselves: the giver never learns."""

    OTHER_KIND = "other_kind", _("It is not what we need")
    OTHER_THEME = "other_theme", _("It is about something else")
    OTHER_PLACE = "other_place", _("It is meant for another place")
    AMOUNT = "amount", _("The amount does not suit us")
    TOO_MUCH_WORK = "too_much_work", _("It takes too much work to ask for")
    TERMS = "terms", _("We cannot accept the terms")
    KNOWN = "known", _("We have asked there already")
    OTHER = "other", _("Something else")

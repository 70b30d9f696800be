from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MembershipRole(TextChoices):
    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    READER = "reader", _("Reader")


# Who may write in the organisation's name.
WRITING_ROLES = frozenset({MembershipRole.OWNER, MembershipRole.EDITOR})

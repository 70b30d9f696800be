from __future__ import annotations

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.utils.translation import gettext_lazy as _

from brygga.taxonomy.checks import check_swedish_letters


class TaxonomyConfig(AppConfig):
    name = "brygga.taxonomy"
    label = "taxonomy"
    verbose_name = _("Taxonomy")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register(check_swedish_letters, Tags.database)

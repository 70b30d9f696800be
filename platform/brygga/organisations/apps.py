from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "brygga.organisations"
    verbose_name = _("Organisations")
    label = "organisations"

    def ready(self) -> None:
        from brygga.core import warming  # noqa: PLC0415 - as in every app: when apps are ready
        from brygga.language.spelling import word_reader  # noqa: PLC0415 - as above

        warming.register("words of the search", word_reader)

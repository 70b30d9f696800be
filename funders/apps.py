from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FundersConfig(AppConfig):
    name = "funders"
    verbose_name = _("Support offers")

    def ready(self) -> None:
        from brygga.core.slots import register  # noqa: PLC0415 - models are ready only now
        from funders import slots  # noqa: PLC0415 - models are ready only now

        register("home_sections", slots.home)
        register("organisation_sections", slots.of_organisation)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChallengesConfig(AppConfig):
    name = "brygga.challenges"
    verbose_name = _("Challenges")

    def ready(self) -> None:
        from brygga.challenges import slots  # noqa: PLC0415 - models are ready only now
        from brygga.core.slots import register  # noqa: PLC0415 - as above

        register("organisation_sections", slots.of_organisation)
        register("home_sections", slots.home)

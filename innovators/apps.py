from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InnovatorsConfig(AppConfig):
    name = "innovators"
    verbose_name = _("Initiatives")

    def ready(self) -> None:
        from brygga.core.slots import register  # noqa: PLC0415 - models are ready only now
        from innovators import receivers, slots  # noqa: PLC0415 - as above
        from innovators.adopting import slots as adopting_slots  # noqa: PLC0415 - as above
        from innovators.pictures import receivers as picture_receivers  # noqa: PLC0415 - as above

        receivers.connect()
        picture_receivers.connect()
        register("home_sections", slots.home)
        register("organisation_sections", slots.of_organisation)
        register("home_sections", adopting_slots.home)
        register("organisation_sections", adopting_slots.of_organisation)

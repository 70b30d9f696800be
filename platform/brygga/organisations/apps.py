from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    name = "brygga.organisations"
    verbose_name = _("Organisations")
    label = "organisations"

    def ready(self) -> None:
        from brygga.core import warming  # noqa: PLC0415 - as in every app: when apps are ready
        from brygga.core.slots import register  # noqa: PLC0415 - as above
        from brygga.language.spelling import word_reader  # noqa: PLC0415 - as above
        from brygga.organisations import slots, two_steps  # noqa: PLC0415 - as above
        from brygga.users import second_factor  # noqa: PLC0415 - as above

        second_factor.register(two_steps.is_asked_of_person)
        register("home_sections", slots.home)
        warming.register("words of the search", word_reader)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntermediariesConfig(AppConfig):
    name = "intermediaries"
    verbose_name = _("Promising cases")

    def ready(self) -> None:
        from brygga.core.slots import register  # noqa: PLC0415 - models are ready only now
        from intermediaries import receivers, slots  # noqa: PLC0415 - models are ready only now
        from intermediaries.helping import slots as helping_slots  # noqa: PLC0415 - models are ready only now
        from matching.signals import demo_loading  # noqa: PLC0415 - models are ready only now

        register("initiative_badges", slots.badges)
        register("initiative_sections", slots.sections)
        register("home_sections", slots.home)
        register("home_sections", helping_slots.home)
        demo_loading.connect(receivers.load_demo_flags, dispatch_uid="intermediaries.demo_flags")

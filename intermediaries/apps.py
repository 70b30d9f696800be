from django.apps import AppConfig


class IntermediariesConfig(AppConfig):
    name = "intermediaries"

    def ready(self) -> None:
        from brygga.core.slots import register  # noqa: PLC0415 - models are ready only now
        from intermediaries import receivers, slots  # noqa: PLC0415 - models are ready only now
        from matching.signals import demo_loading  # noqa: PLC0415 - models are ready only now

        register("initiative_badges", slots.badges)
        register("initiative_sections", slots.sections)
        register("home_sections", slots.home)
        demo_loading.connect(receivers.load_demo_flags, dispatch_uid="intermediaries.demo_flags")

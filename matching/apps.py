from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from matching import receivers, slots  # noqa: PLC0415 - models are ready only now

        receivers.connect()
        slots.connect()

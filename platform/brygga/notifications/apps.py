from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "brygga.notifications"
    label = "notifications"

    def ready(self) -> None:
        # Receivers register themselves when imported, which needs the models to be loaded.
        from brygga.notifications import receivers  # noqa: F401, PLC0415

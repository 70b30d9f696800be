from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "brygga.audit"
    label = "audit"

    def ready(self) -> None:
        # Receivers register themselves when imported, which needs the models to be loaded.
        from brygga.audit import receivers  # noqa: F401, PLC0415

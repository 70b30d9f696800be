from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    name = "brygga.audit"
    verbose_name = _("Record of events")
    label = "audit"

    def ready(self) -> None:
        # Receivers register themselves when imported, which needs the models to be loaded.
        from brygga.audit import receivers  # noqa: F401, PLC0415

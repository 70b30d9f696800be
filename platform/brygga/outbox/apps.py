from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "brygga.outbox"
    label = "outbox"

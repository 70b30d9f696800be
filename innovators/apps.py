from django.apps import AppConfig


class InnovatorsConfig(AppConfig):
    name = "innovators"

from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "brygga.pages"
    label = "pages"

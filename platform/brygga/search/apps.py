from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "brygga.search"
    label = "search"

from django.apps import AppConfig


class UsersConfig(AppConfig):
    name = "brygga.users"
    label = "users"

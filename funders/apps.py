from django.apps import AppConfig


class FundersConfig(AppConfig):
    name = "funders"

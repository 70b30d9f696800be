"""The Celery application. Imported by manage.py, wsgi, asgi and the test plugin, so that tasks always find it."""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brygga.settings.dev")

app = Celery("brygga")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()

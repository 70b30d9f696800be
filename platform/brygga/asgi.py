import os

import brygga.celery  # noqa: F401 - so that tasks are sent through our application
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brygga.settings.prod")

application = get_asgi_application()

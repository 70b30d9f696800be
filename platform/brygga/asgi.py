import os

from django.core.asgi import get_asgi_application

import brygga.celery  # noqa: F401 - so that tasks are sent through our application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brygga.settings.prod")

application = get_asgi_application()

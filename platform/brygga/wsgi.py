import os

from django.core.wsgi import get_wsgi_application

import brygga.celery  # noqa: F401 - so that tasks are sent through our application
from brygga.core import warming

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "brygga.settings.prod")

application = get_wsgi_application()
warming.start()

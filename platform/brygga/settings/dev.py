"""A developer's or visitor's own machine: `script/server`."""

import os

from brygga.settings.base import *  # noqa: F403 - a settings module is the sum of its base and its own lines

DEBUG = os.environ.get("BRYGGA_DEBUG", "1") == "1"
SECRET_KEY = SECRET_KEY or "only-for-this-machine-and-never-for-a-service-that-others-reach"  # noqa: F405 - from base
DEMO_MODE = os.environ.get("BRYGGA_DEMO") == "1"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]", "testserver"]  # noqa: F405 - from base
# Mails go to the local mailbox page instead of to people.
EMAIL_BACKEND = "brygga.outbox.mailbox.MailboxBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

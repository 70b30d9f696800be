"""A developer's or visitor's own machine: `script/server`."""

import os

from brygga.settings.base import *  # noqa: F403 - a settings module is the sum of its base and its own lines

DEBUG = os.environ.get("BRYGGA_DEBUG", "1") == "1"
SECRET_KEY = SECRET_KEY or "only-for-this-machine-and-never-for-a-service-that-others-reach"  # noqa: F405 - from base
DEMO_MODE = os.environ.get("BRYGGA_DEMO") == "1"
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]", "testserver"]  # noqa: F405 - from base
# No mail leaves this machine: a demo shows them on its mailbox page, otherwise they are files.
EMAIL_BACKEND = (
    "brygga.outbox.mailbox.MailboxBackend"
    if DEMO_MODE
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = ROOT / ".local" / "mail"  # noqa: F405 - from base
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": PRIVATE_FILES,  # noqa: F405 - from base
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
# A changed style sheet is served at once, whatever DEBUG says.
WHITENOISE_AUTOREFRESH = True

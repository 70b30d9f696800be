"""A service that others reach. Refuses to start when a secret or an address is missing."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from brygga.settings.base import *  # noqa: F403 - a settings module is the sum of its base and its own lines
from brygga.settings.base import (
    ALLOWED_HOSTS,
    PRIVATE_FILES,
    PRIVATE_FILES_FOLDER,
    ROOT,
    SECRET_KEY,
    STATIC_ROOT,
    STATICFILES_DIRS,
)

REQUIRED = [
    "BRYGGA_SECRET_KEY",
    "BRYGGA_ALLOWED_HOSTS",
    "BRYGGA_SITE_ADDRESS",
    "BRYGGA_TRUSTED_PROXY_COUNT",
    "BRYGGA_EMAIL_HOST",
    "BRYGGA_FROM_EMAIL",
    "BRYGGA_CONTACT_EMAIL",
    "BRYGGA_PRIVATE_FILES",
    "DATABASE_URL",
    "REDIS_URL",
]
missing = [name for name in REQUIRED if not os.environ.get(name)]
if missing:
    raise ImproperlyConfigured(
        f"Set these environment variables before starting Brygga: {', '.join(missing)}."
    )
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
    raise ImproperlyConfigured("BRYGGA_SECRET_KEY must be at least 50 characters, drawn at random.")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("BRYGGA_ALLOWED_HOSTS must name the hosts; * would accept any.")

served = [*STATICFILES_DIRS, STATIC_ROOT, ROOT / "templates"]
if not Path(PRIVATE_FILES_FOLDER).is_absolute() or any(
    Path(PRIVATE_FILES_FOLDER).resolve().is_relative_to(folder) for folder in served
):
    raise ImproperlyConfigured(
        "BRYGGA_PRIVATE_FILES must be an absolute path outside of what the web server serves."
    )

DEMO_MODE = False
SECURE_SSL_REDIRECT = True
# Probes come from inside, over plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 * 2
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": PRIVATE_FILES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

"""The test suite: like dev, without debug pages, with cheap passwords."""

from brygga.settings.dev import *  # noqa: F403 - a settings module is the sum of its base and its own lines

DEBUG = False
DEMO_MODE = True
EMAIL_BACKEND = "brygga.outbox.mailbox.MailboxBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
# A test's own reads are counted; that of the taxonomy's version comes by the clock and would disturb them.
TAXONOMY_CHECK_SECONDS = 3600
# Tests that try the cache have folders of their own.
MATCHING_CACHE_FOLDER = ""
# Tests that try a model make one.
MATCHING_DENSE_MODEL = ""
# Files live as long as the test run.
STORAGES = {**STORAGES, "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}  # noqa: F405 - from dev
# A test reads the numbers of its own rows.
PUBLIC_COUNTS_SECONDS = 0

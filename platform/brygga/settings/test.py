"""The test suite: like dev, without debug pages, with cheap passwords."""

from brygga.settings.dev import *  # noqa: F403 - a settings module is the sum of its base and its own lines

DEBUG = False
DEMO_MODE = True
EMAIL_BACKEND = "brygga.outbox.mailbox.MailboxBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False

"""What every test may lean on. Fixtures of one app live in the conftest.py of its own folder.

The servers come from `brygga.devservices.pytest_plugin`, before this file is read.
"""

from hypothesis import settings

import brygga.celery  # noqa: F401 - tasks are sent through our application, as in every process

pytest_plugins = ["tests.cast", "tests.taxonomy.loaded"]

# How long an example takes says something about the machine, not about the rule.
settings.register_profile("brygga", deadline=None)
settings.load_profile("brygga")

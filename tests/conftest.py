"""What every test may lean on. Fixtures of one app live in the conftest.py of its own folder.

The servers come from `brygga.devservices.pytest_plugin`, before this file is read.
"""

import brygga.celery  # noqa: F401 - tasks are sent through our application, as in every process

pytest_plugins = ["tests.cast", "tests.taxonomy.loaded"]

"""What every test may lean on. Fixtures of one app live in the conftest.py of its own folder.

The servers come from `brygga.devservices.pytest_plugin`, before this file is read.
"""

pytest_plugins = ["tests.cast", "tests.taxonomy.loaded"]

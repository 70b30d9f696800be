"""What every test may lean on. Fixtures of one app live in the conftest.py of its own folder.

The servers come from `brygga.devservices.pytest_plugin`, before this file is read.
"""

from collections.abc import Iterator

import pytest
from django.utils import translation
from hypothesis import settings

import brygga.celery  # noqa: F401 - tasks are sent through our application, as in every process

pytest_plugins = ["tests.spreading", "tests.database", "tests.cast", "tests.taxonomy.loaded"]

# How long an example takes says something about the machine, not about the rule.
settings.register_profile("brygga", deadline=None)
settings.load_profile("brygga")


@pytest.fixture(autouse=True)
def _language_ends_with_its_test() -> Iterator[None]:
    """A request leaves its language behind in its thread; the next test shall begin in Swedish."""
    yield
    translation.deactivate()

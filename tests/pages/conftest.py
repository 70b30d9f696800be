"""The permission table's world: every page has something to show."""

from tests.permissions.conftest import world

__all__ = ["world"]

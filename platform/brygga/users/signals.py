"""Told upwards, inside the transaction: `user`, `token` (the row, never its secret) and `at`."""

from django.dispatch import Signal

token_created = Signal()
token_revoked = Signal()

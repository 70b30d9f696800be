"""Told upwards, inside the transaction: `user`, `token` (the row, never its secret) and `at`."""

from django.dispatch import Signal

# Somebody who is not signed in has given an address, and a code or a letter goes there: `session`, `address`
# and `at`. The same for addresses with and without an account; whose it is has not been shown yet.
address_given = Signal()

token_created = Signal()
token_revoked = Signal()

"""Told upwards, inside the transaction that changes an offer.

Sent with `offer`, `actor` (None for imports) and `at`.
"""

from django.dispatch import Signal

offer_published = Signal()
offer_changed = Signal()
# Paused or closed: no longer to be matched or shown.
offer_withdrawn = Signal()

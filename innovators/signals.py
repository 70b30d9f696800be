"""Told upwards, inside the transaction that changes an initiative.

Sent with `initiative`, `actor` (None for imports) and `at`.
"""

from django.dispatch import Signal

initiative_published = Signal()
initiative_changed = Signal()
# Paused or closed: no longer to be matched or shown.
initiative_withdrawn = Signal()
# It belongs to another organisation now: sent with `contact`, who took it over.
initiative_handed_over = Signal()
# What others may now read of a published initiative: sent with `record`, or with `kinds` of support that are new.
record_shown = Signal()
needs_opened = Signal()

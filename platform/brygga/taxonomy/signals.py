"""What others may listen to."""

from __future__ import annotations

from django.dispatch import Signal

# Sent inside the transaction with `entry` (the changed row), `actor` and `at`.
taxonomy_edited = Signal()

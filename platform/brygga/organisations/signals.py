"""Told upwards, inside the transaction that changes an organisation.

`member_joined` is sent with `organisation`, `user` and `at`; `organisation_verified` with
`organisation` and `at`; `organisation_changed` with `organisation`, `fields` (their names) and `at`.
"""

from django.dispatch import Signal

member_joined = Signal()
organisation_verified = Signal()
organisation_changed = Signal()

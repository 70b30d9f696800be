"""Told upwards, inside the transaction that changes an organisation.

`member_joined` is sent with `organisation`, `user` and `at`; `member_left` with `organisation`, `user`, `actor`,
`successor` (or None), the `number` of things handed over and `at`, and `member_reads_only` with the same;
`organisation_verified` with `organisation` and `at`; `two_steps_required` with `organisation`, `actor`, the `day` it
begins, the `users` who lack it and `at`; `verification_asked` and `verification_declined` with `organisation`, the
`number` of the request and `at`; `organisation_changed` with `organisation`, `fields` (their names) and `at`.
"""

from django.dispatch import Signal

member_joined = Signal()
member_left = Signal()
organisation_verified = Signal()
member_reads_only = Signal()
two_steps_required = Signal()
verification_asked = Signal()
verification_declined = Signal()
organisation_changed = Signal()

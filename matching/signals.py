"""Told to apps above while demo data is loaded, so that they add what is theirs.

`demo_loading` is sent when profiles and people are there, with `people` (key -> User), `initiatives`
and `offers` (id in the demo files -> row), `flags` (a list of dicts) and `now`. `demo_matched` is
sent after the first run, with the same but without `flags`: now there are matches to shortlist.
Receivers must be safe to run twice.

`contact_blocked` is sent when an organisation takes no more questions from another, inside the transaction, with
`ours`, `theirs`, `actor` and `at`.
"""

from django.dispatch import Signal

demo_loading = Signal()
demo_matched = Signal()
contact_blocked = Signal()

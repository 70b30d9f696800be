"""What keeps the numbers of public pages fresh."""

from __future__ import annotations

from matching.public import figures, gaps, rules
from matching.public.kept import renew_if_old


def renew_public_counts() -> None:
    """Count again what is old or has changed. Safe to run twice."""
    renew_if_old(figures.NAME, figures.count_figures)
    renew_if_old(gaps.NAME, gaps.count_gaps)
    renew_if_old(rules.NAME, rules.count_rules)


def load_public_counts() -> None:
    """Have the numbers at hand before the first visitor comes."""
    figures.figures()
    gaps.gaps()
    rules.counted_rules()

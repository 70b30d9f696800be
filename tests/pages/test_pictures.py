"""Every kind of page has its picture in docs/screenshots, or is said to look like one that has."""

from __future__ import annotations

import re

from django.urls import resolve
from django.utils.translation import override

from tests.journeys.subjects import LIKE, SUBJECTS, Subject
from tests.permissions.table import read_table
from tests.security.conftest import NO_HTML


def page_of(subject: Subject) -> str:
    """Return the name of the page that a picture is taken of."""
    address = re.sub(r"\{\w+\}", "23456789ab", subject.address.partition("?")[0])
    with override(subject.language):
        return resolve(address).view_name


def test_every_kind_of_page_has_a_picture_or_looks_like_one() -> None:
    by_subject = {subject.name: page_of(subject) for subject in SUBJECTS if subject.status == 200}
    pictured = set(by_subject.values())
    alike = [name for names in LIKE.values() for name in names.split()]
    read = {row.name for row in read_table() if row.verb == "GET" and "200" in row.expected}
    # The administration is Django's own.
    pages = {name for name in read - NO_HTML if not name.startswith("admin:")}
    assert pages - pictured - set(alike) == set()
    assert set(LIKE) <= set(by_subject)
    assert sorted(alike) == sorted(set(alike) - pictured), "each once, and none that has its own"
    assert set(alike) <= pages

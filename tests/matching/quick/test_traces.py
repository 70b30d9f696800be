"""What a visitor writes is nowhere afterwards: planted, and then looked for wherever something is kept."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.views.debug import ExceptionReporter

from brygga.core.cache import ForgivingRedisCache
from brygga.core.logs import private_details
from matching.quick import limits
from tests.factories import SupportOfferFactory
from tests.kept_log import Kept

pytestmark = pytest.mark.django_db

# Letters that no name, code or other test holds.
CANARY = "xylofonkvarnen"
ASK, SAVE = "/hitta-stod/", "/hitta-stod/spara/"
FULL = {"change": f"Vi vill att {CANARY} ska ge unga jobb.", "place": "Göteborg", "who": "informal_group"}


@pytest.fixture
def log() -> Iterator[Kept]:
    """Every line of every level, as the real handler would write it."""
    root = logging.getLogger()
    real = next(handler for handler in root.handlers if handler.filters and handler.formatter)
    kept, level = Kept(), root.level
    kept.setFormatter(real.formatter)
    for one in real.filters:
        kept.addFilter(one)
    root.addHandler(kept)
    root.setLevel(logging.DEBUG)
    yield kept
    root.removeHandler(kept)
    root.setLevel(level)


def tables_with(text: str) -> list[str]:
    """Return every table of the database in which some row holds the text, in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT count(*) FROM {quoted} AS t WHERE t::text ILIKE %s", [f"%{text}%"])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def redis_holds(text: str) -> bool:
    client: Any = cache._cache.get_client()  # type: ignore[attr-defined]  # Django's own door to Redis
    content = b""
    for key in client.scan_iter("*"):
        content += key + (client.dump(key) or b"")
    return text.encode() in content


def sessions_hold(text: str) -> bool:
    """Their rows are signed and packed, so they are opened one by one."""
    return any(text in str(one.get_decoded()) for one in Session.objects.all())


def files_hold(text: str, folder: Any) -> bool:
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_the_canary_would_be_found_in_each_place(client: Client, log: Kept) -> None:
    """Or the test below would pass on looking in the wrong places."""
    SupportOfferFactory(title=CANARY)
    cache.set("somewhere", CANARY)
    session = client.session
    session["somewhere"] = CANARY
    session.save()
    logging.getLogger("somewhere").debug(CANARY)

    assert tables_with(CANARY) == ["funders_supportoffer"]
    assert redis_holds(CANARY)
    assert sessions_hold(CANARY)
    assert any(CANARY in line for line in log.lines)


@pytest.mark.parametrize("signed_in", [False, True], ids=["visitor", "signed in"])
def test_asking_leaves_no_trace(
    client: Client,
    cast: Any,
    matched: Callable[[], None],
    log: Kept,
    settings: Any,
    tmp_path: Any,
    signed_in: bool,
) -> None:
    settings.MATCHING_CACHE_FOLDER = str(tmp_path)
    SupportOfferFactory(title="Bidrag till unga", eligible_kinds=None, legal_entity_required=None)
    matched()
    if signed_in:
        client.force_login(cast.amina)

    answers = [
        client.post(ASK, FULL),
        client.post(ASK, {**FULL, "themes": ["health_and_wellbeing"], "started_on": "2024-03-01"}),
        client.post(ASK, FULL, headers={"HX-Request": "true"}),
        client.post(ASK, {**FULL, "place": f"{CANARY} by"}),
        client.post(ASK, {**FULL, "amount": f"{CANARY} kr"}),
        client.post(SAVE, {**FULL, "amount": f"{CANARY} kr"}),
        client.post("/en/find-support/", FULL),
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 422, 422, 200]
    assert all(CANARY in answer.content.decode() for answer in answers), "it is given back to who wrote it"
    assert tables_with(CANARY) == []
    assert not redis_holds(CANARY)
    assert not sessions_hold(CANARY)
    assert log.lines and not any(CANARY in line for line in log.lines)
    assert not files_hold(CANARY, tmp_path)
    assert mail.outbox == []
    for answer in answers:
        assert "no-store" in answer.headers["Cache-Control"]
        assert not any(CANARY in str(value) for value in answer.headers.values())
        assert "sessionid" not in answer.cookies


def test_a_get_with_the_text_is_not_how_it_is_asked(client: Client) -> None:
    """The form is a POST; an address with words in it shows the empty form."""
    page = client.get(ASK, {"change": CANARY}).content.decode().partition("<main")[2].partition("</main>")[0]

    assert CANARY not in page
    assert 'method="post"' in page


def test_saving_leaves_the_text_in_one_place(client: Client, log: Kept) -> None:
    client.post(SAVE, FULL)

    assert tables_with(CANARY) == ["innovators_keptdraft"]
    assert not redis_holds(CANARY)
    assert not sessions_hold(CANARY)
    assert not any(CANARY in line for line in log.lines)


def test_an_error_of_ours_reports_no_word_of_it(
    client: Client, log: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the log nor a report of the exception with all its variables."""
    caught: list[Any] = []

    def broken(*_: Any, **__: Any) -> Any:
        try:
            raise RuntimeError("the engine fell over")
        except RuntimeError:
            caught.append(sys.exc_info())
            raise

    client.raise_request_exception = False
    monkeypatch.setattr("matching.quick.views.find_support", broken)
    answer = client.post(ASK, FULL)

    assert answer.status_code == 500
    assert log.lines and not any(CANARY in line for line in log.lines)
    kind, error, _ = caught[0]
    request = RequestFactory().post(ASK, FULL)
    # As the view's decorator marks a request before anything can fail.
    request.sensitive_post_parameters = "__ALL__"  # type: ignore[attr-defined]
    report = ExceptionReporter(request, kind, error, error.__traceback__)
    assert CANARY not in report.get_traceback_text()
    assert CANARY not in report.get_traceback_html()


def test_a_limit_knows_no_address(client: Client) -> None:
    assert limits.is_within(limits.ASKING, "198.51.100.77")
    assert not redis_holds("198.51.100.77")
    # Neighbours in one household's IPv6 network share a count; other networks do not.
    one = limits.Limit("test", 1, 60)
    assert limits.is_within(one, "2001:db8::1", now=0) and not limits.is_within(one, "2001:db8::2", now=0)
    assert limits.is_within(one, "2001:db8:0:1::1", now=0)
    assert limits.is_within(one, "2001:db8::1", now=60), "a new window"


def test_without_redis_people_are_let_through(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from redis.exceptions import ConnectionError as Unreachable

    def gone(*_: Any, **__: Any) -> Any:
        raise Unreachable

    monkeypatch.setattr(ForgivingRedisCache, "incr", gone)
    assert limits.is_within(limits.Limit("test", 0, 60), "198.51.100.77")


def test_every_table_of_ours_can_be_searched() -> None:
    """`tables_with` reads what the models name: none is left out."""
    with connection.cursor() as cursor:
        known = set(connection.introspection.table_names(cursor))
    assert {model._meta.db_table for model in apps.get_models() if model._meta.managed} <= known


def test_log_lines_are_cleaned_as_in_production() -> None:
    assert private_details(None, "", {"event": "GET /x?q=hemligt"}) == {"event": "GET /x?…"}

"""What the terminal shows of the web server's log."""

import json
from pathlib import Path

import pytest

from brygga.devservices.requests_view import RequestsView, tidy

FINISHED = {
    "code": 200,
    "request": "GET /initiativ/",
    "event": "request_finished",
    "level": "info",
    "timestamp": "2026-11-22T07:09:05.123Z",
}


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        (FINISHED, "07:09:05 200 GET /initiativ/"),
        ({**FINISHED, "request": "GET /static/css/site.css"}, ""),
        ({**FINISHED, "request": "GET /healthz"}, ""),
        ({**FINISHED, "event": "request_started"}, ""),
        (
            {"level": "error", "event": "request_failed", "timestamp": "2026-11-22T07:09:05Z"},
            "07:09:05 error: request_failed",
        ),
        (
            {"level": "error", "event": "x", "exception": "Traceback\n  line\nKeyError: 'a'"},
            " error: x (KeyError: 'a')",
        ),
    ],
)
def test_an_event_is_one_short_line_or_none(event: dict[str, object], shown: str) -> None:
    assert tidy(json.dumps(event)) == shown


@pytest.mark.parametrize("line", ["", "Watching for file changes", "[1]", "{"])
def test_other_lines_stay_in_the_log(line: str) -> None:
    assert tidy(line) == ""


def test_a_growing_log_is_followed_and_half_a_line_waits(tmp_path: Path) -> None:
    path = tmp_path / "web.log"
    view = RequestsView(path)
    assert view.new_lines() == []
    line = json.dumps(FINISHED)
    path.write_text(f"{line}\n{line[:20]}")
    assert view.new_lines() == ["07:09:05 200 GET /initiativ/"]
    with path.open("a") as log:
        log.write(line[20:] + "\n")
    assert view.new_lines() == ["07:09:05 200 GET /initiativ/"]
    assert view.new_lines() == []

"""The web server's log as a person at the terminal wants to see it: one short line for each request."""

import json
from pathlib import Path

#: Not worth a line.
QUIET_PATHS = ("/static/", "/healthz", "/readyz", "/favicon.ico")


class RequestsView:
    """Follows a log of JSON lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._position = 0
        self._rest = b""

    def new_lines(self) -> list[str]:
        """What has come since the last call."""
        try:
            with self.path.open("rb") as log:
                log.seek(self._position)
                new = log.read()
        except OSError:
            return []
        self._position += len(new)
        *lines, self._rest = (self._rest + new).split(b"\n")
        return [shown for line in lines if (shown := tidy(line.decode(errors="replace")))]


def tidy(line: str) -> str:
    """A request, or a warning and worse; everything else stays in the log."""
    try:
        event = json.loads(line)
    except ValueError:
        return ""
    if not isinstance(event, dict):
        return ""
    clock = str(event.get("timestamp", ""))[11:19]
    if event.get("event") == "request_finished":
        request = str(event.get("request", ""))
        path = request.split(" ", 1)[-1]
        return "" if path.startswith(QUIET_PATHS) else f"{clock} {event.get('code')} {request}"
    if event.get("level") in ("warning", "error", "critical"):
        summary = str(event.get("exception", "")).strip().rsplit("\n", 1)[-1]
        return f"{clock} {event['level']}: {event.get('event')}" + (f" ({summary})" if summary else "")
    return ""

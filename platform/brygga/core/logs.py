"""What a log line may hold: no address, no e-mail, no search words."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# To the next space, whatever a caller has put in: quotation marks too.
_QUERY = re.compile(r"\?\S+")


def without_private_details(text: str) -> str:
    """Return `text` with e-mail addresses and query strings taken out.

    >>> without_private_details("GET /initiativ/?q=min+adress for eva@exempel.example")
    'GET /initiativ/?… for (e-mail)'
    """
    return _EMAIL.sub("(e-mail)", _QUERY.sub("?…", text))


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return without_private_details(value)
    if isinstance(value, dict):
        return {key: _clean(part) for key, part in value.items() if key not in {"user_agent", "ip"}}
    if isinstance(value, list | tuple):
        return type(value)(_clean(part) for part in value)
    return value


class PrivateDetails(logging.Filter):
    """Clean each record before it is written, whoever wrote it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _clean(record.msg)
        if isinstance(record.args, dict | tuple):
            record.args = _clean(record.args)
        return True


class OneLine(logging.Filter):
    """A stranger's bad request is a warning in one line, not an error with a traceback of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = None
        return True


def private_details(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Clean what is about to be written once more: a traceback is made into text only then."""
    cleaned: MutableMapping[str, Any] = _clean(dict(event))
    return cleaned

"""What goes along with a mail and is made when it is sent, from how things stand then.

The outbox keeps a name and a few public ids, never the thing itself: what has changed since the mail was put
there is told as it is, and nothing waits in a row of the database that is not there anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email.mime.text import MIMEText
from typing import Any


@dataclass(frozen=True)
class TextAttachment:
    """A file of text, such as text/calendar with `parameters` {"method": "REQUEST"}."""

    name: str
    subtype: str
    content: str
    parameters: tuple[tuple[str, str], ...] = ()

    def as_part(self) -> MIMEText:
        """Return it as a part of a mail."""
        part = MIMEText(self.content, self.subtype, "utf-8")
        for name, value in self.parameters:
            part.set_param(name, value)
        part.add_header("Content-Disposition", "attachment", filename=self.name)
        return part


#: Gets what `notify` was given, and answers with the file; None when there is nothing to send along (any more).
Maker = Callable[..., TextAttachment | None]

_makers: dict[str, Maker] = {}


def register(name: str, maker: Maker) -> None:
    """Say who makes what is asked for by this name; doing it again changes nothing."""
    _makers[name] = maker


def make(*, maker: str, **arguments: Any) -> TextAttachment | None:
    """Make an attachment now. An older worker that does not know the name sends the mail without it."""
    found = _makers.get(maker)
    return found(**arguments) if found is not None else None

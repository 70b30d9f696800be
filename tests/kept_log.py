"""What would be written to the log, kept for a test to read."""

from __future__ import annotations

import logging


class Kept(logging.Handler):
    """Formats and filters as the real handler does, and keeps the lines."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

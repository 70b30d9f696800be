"""One beat, guarded: of several beat processes only the holder of an advisory lock sends anything."""

from __future__ import annotations

from typing import Any

import structlog
from django.db import DatabaseError, connection
from django_celery_beat.schedulers import DatabaseScheduler

logger = structlog.get_logger(__name__)
BEAT_LOCK = 7_210_001
RETRY_SECONDS = 5.0


class GuardedScheduler(DatabaseScheduler):
    """django-celery-beat's scheduler, asleep while another process holds the lock.

    The lock belongs to the database session: when this process or the database dies, it is free.
    """

    _held_by: int | None = None

    def _holds_lock(self) -> bool:
        connection.ensure_connection()
        session = id(connection.connection)
        if self._held_by == session:
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [BEAT_LOCK])
            row = cursor.fetchone()
        self._held_by = session if row and row[0] else None
        return self._held_by is not None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        try:
            if not self._holds_lock():
                return RETRY_SECONDS
        except DatabaseError as error:
            self._held_by = None
            connection.close()
            logger.warning("beat_database_unavailable", error=type(error).__name__)
            return RETRY_SECONDS
        return float(super().tick(*args, **kwargs))

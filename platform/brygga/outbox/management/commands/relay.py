"""`manage.py relay`: run the outbox relay until stopped."""

import signal
import threading
import time
from typing import Any

import psycopg
import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from brygga.outbox import relay

logger = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Hand committed outbox messages to Celery. Runs until stopped; several may run at once."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            try:
                relay.run(stop)
            # The driver's own errors too: waiting for notifications is asked of the driver itself.
            except (DatabaseError, InterfaceError, psycopg.Error) as error:
                logger.warning("relay_database_unavailable", error=type(error).__name__)
                connection.close()
                close_old_connections()
                time.sleep(1)

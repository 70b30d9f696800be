"""How often somebody may ask. Counted by a keyed hash of the network address; nothing else is kept.

A missing cache lets people through, unless a limit is closed: then what it guards waits, as mails to addresses
that anybody may write do.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import time
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Limit:
    """So many times in so many seconds from one network address."""

    name: str
    most: int
    seconds: int
    is_closed: bool = False


def is_within(limit: Limit, address: str, now: float | None = None) -> bool:
    """Count one more and say whether it is within the limit."""
    window = int((time.time() if now is None else now) // limit.seconds)
    key = f"limit:{limit.name}:{window}:{_mark(address)}"
    try:
        cache.add(key, 0, timeout=limit.seconds)
        return int(cache.incr(key)) <= limit.most
    except (RedisError, ValueError) as error:
        logger.warning("limit_uncounted", limit=limit.name, error=type(error).__name__)
        return not limit.is_closed


def _mark(address: str) -> str:
    """One household's IPv6 addresses are one."""
    try:
        parsed = ipaddress.ip_address(address)
        if parsed.version == 6:
            address = str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)
    except ValueError:
        pass
    key = b"quick-limit:" + settings.SECRET_KEY.encode()
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:32]

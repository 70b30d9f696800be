"""The cache is a comfort: when Redis is away a read is a miss and a write is forgotten."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_connect_timeout", 0.5)
        options.setdefault("socket_timeout", 1.0)
        super().__init__(server, params)

    def _forgive(self, name: str, error: Exception) -> None:
        logger.warning("cache_unavailable", operation=name, error=type(error).__name__)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        try:
            return bool(super().add(*args, **kwargs))
        except RedisError as error:
            self._forgive("add", error)
            return False

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        try:
            return super().get(key, default, version)
        except RedisError as error:
            self._forgive("get", error)
            return default

    def set(self, *args: Any, **kwargs: Any) -> None:
        try:
            super().set(*args, **kwargs)
        except RedisError as error:
            self._forgive("set", error)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        try:
            return bool(super().delete(*args, **kwargs))
        except RedisError as error:
            self._forgive("delete", error)
            return False

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        try:
            return dict(super().get_many(*args, **kwargs))
        except RedisError as error:
            self._forgive("get_many", error)
            return {}

    def set_many(self, data: dict[Any, Any], *args: Any, **kwargs: Any) -> list[Any]:
        try:
            return list(super().set_many(data, *args, **kwargs))
        except RedisError as error:
            self._forgive("set_many", error)
            return list(data)

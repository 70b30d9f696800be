"""One Redis address, spelled the two ways its readers want it."""


def celery_address(redis_url: str) -> str:
    """Return the Celery (kombu) spelling of a redis-py address.

    redis-py names a socket `unix:///path?db=0`, kombu `redis+socket:///path?virtual_host=0`.
    """
    if redis_url.startswith("unix://"):
        path, _, query = redis_url.removeprefix("unix://").partition("?")
        number = query.removeprefix("db=") or "0"
        return f"redis+socket://{path}?virtual_host={number}"
    return redis_url

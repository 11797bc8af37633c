"""Redis as this site uses it: what it does not give is made again, so no visitor waits or fails."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


class SharedCache(RedisCache):
    """Finds nothing and keeps nothing while the server does not answer."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:  # noqa: ANN401  anything is kept
        with _without_it():
            return super().get(key, default, version)
        return default

    def set(
        self,
        key: str,
        value: Any,  # noqa: ANN401  anything is kept
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        with _without_it():
            super().set(key, value, timeout, version)

    def set_many(
        self,
        data: dict[str, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[str]:
        with _without_it():
            return super().set_many(data, timeout, version)
        return list(data)

    def delete(self, key: str, version: int | None = None) -> bool:
        with _without_it():
            return super().delete(key, version)
        return False


@contextmanager
def _without_it() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        log.warning("The shared cache does not answer: %s", type(error).__name__)

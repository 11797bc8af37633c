"""Redis as this site uses it: what it does not give is made again, so no visitor waits or fails."""

import logging
import pickle
import time
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from hmac import compare_digest
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
Found = TypeVar("Found")
SEAL = 16  # bytes
REST = 5.0  # seconds that a server is left alone after it gave no answer


class UnreadableError(Exception):
    """What is kept under a key is not of this site."""


class Sealed:
    """Values under a seal: to open a pickle that somebody else wrote runs their program."""

    def dumps(self, value: object) -> bytes:
        packed = pickle.dumps(value)
        return self._seal(packed) + packed

    def loads(self, kept: bytes) -> Any:  # noqa: ANN401  anything is kept
        packed = kept[SEAL:]
        if not compare_digest(kept[:SEAL], self._seal(packed)):
            raise UnreadableError
        try:
            return pickle.loads(packed)  # noqa: S301  our own, as the seal says
        except (AttributeError, ImportError) as error:  # of another version of the program
            raise UnreadableError from error

    def _seal(self, packed: bytes) -> bytes:
        key = blake2b(settings.SECRET_KEY.encode()).digest()
        return blake2b(packed, key=key, digest_size=SEAL).digest()


class SharedCache(RedisCache):
    """Finds nothing and keeps nothing while the server does not answer."""

    ask_again_at = 0.0  # of the monotonic clock, for all threads of the process

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._options["serializer"] = Sealed  # type: ignore[attr-defined]  # in the stubs it is missing

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:  # noqa: ANN401  anything is kept
        return self._ask(partial(super().get, key, default, version), default)

    def set(
        self,
        key: str,
        value: Any,  # noqa: ANN401  anything is kept
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> None:
        self._ask(partial(super().set, key, value, timeout, version), None)

    def set_many(
        self,
        data: dict[str, Any],
        timeout: float | None = DEFAULT_TIMEOUT,
        version: int | None = None,
    ) -> list[str]:
        return self._ask(partial(super().set_many, data, timeout, version), list(data))

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask(partial(super().delete, key, version), otherwise=False)

    def _ask(self, question: Callable[[], Found], otherwise: Found) -> Found:
        """What the server says; `otherwise` where it says nothing, or nothing of ours."""
        if time.monotonic() < SharedCache.ask_again_at:
            return otherwise
        try:
            return question()
        except UnreadableError:
            log.warning("The shared cache holds what is not ours, or of another version.")
        except (RedisError, OSError) as error:
            SharedCache.ask_again_at = time.monotonic() + REST
            log.warning("The shared cache does not answer: %s", type(error).__name__)
        return otherwise

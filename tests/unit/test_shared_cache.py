"""What is kept in Redis is opened only where it was sealed by this site."""

import pickle

import pytest
from pytest_django.fixtures import Settings

from visitors.cache.shared_cache import Sealed, UnreadableError


@pytest.mark.parametrize("value", [1, None, "words", b"bytes", {"a": [1, 2]}])
def test_what_was_sealed_is_read(value: object) -> None:
    assert Sealed().loads(Sealed().dumps(value)) == value


@pytest.mark.parametrize(
    "kept", [b"", b"12", b"junk", b"x" * 100, pickle.dumps("ours?"), b"\0" * 16 + pickle.dumps(1)]
)
def test_what_has_no_seal_is_not_opened(kept: bytes) -> None:
    with pytest.raises(UnreadableError):
        Sealed().loads(kept)


def test_a_changed_byte_breaks_the_seal() -> None:
    kept = bytearray(Sealed().dumps("words"))
    kept[-3] ^= 1
    with pytest.raises(UnreadableError):
        Sealed().loads(bytes(kept))


def test_another_sites_seal_is_not_ours(settings: Settings) -> None:
    kept = Sealed().dumps("words")
    settings.SECRET_KEY = "another"  # noqa: S105  of nobody
    with pytest.raises(UnreadableError):
        Sealed().loads(kept)

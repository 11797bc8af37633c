"""A signed link does one thing, for a time, and says nothing when it is altered."""

import string
import time
from datetime import timedelta
from unittest.mock import patch

import pytest
from pytest_django.fixtures import Settings

from newsletter import tokens
from newsletter.tokens import InvalidTokenError, Purpose

ABOUT = "8f14e45fceea467a9575a3b5d2806491"
PURPOSES = [each for each in vars(tokens).values() if isinstance(each, Purpose)]
SIGNS = string.ascii_letters + string.digits + "-_.=:%\0é"


def is_valid(purpose: Purpose, token: str) -> bool:
    try:
        return bool(purpose.read(token))
    except InvalidTokenError:
        return False


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda each: each.name)
def test_a_token_opens_its_own_purpose_and_no_other(purpose: Purpose) -> None:
    token = purpose.token(ABOUT)
    assert purpose.read(token) == ABOUT
    assert [other for other in PURPOSES if is_valid(other, token)] == [purpose]


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda each: each.name)
def test_no_byte_of_a_token_can_be_altered(purpose: Purpose) -> None:
    token = purpose.token(ABOUT)
    altered = {
        token[:place] + sign + token[place + 1 :] for place in range(len(token)) for sign in SIGNS
    } - {token}
    assert len(altered) > 60 * len(token)
    assert not [other for other in altered if is_valid(purpose, other)]


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda each: each.name)
def test_nothing_can_be_taken_from_a_token_or_added(purpose: Purpose) -> None:
    token = purpose.token(ABOUT)
    shorter = [token[:place] + token[place + 1 :] for place in range(len(token))]
    longer = [token + sign for sign in SIGNS] + [sign + token for sign in SIGNS]
    assert not [other for other in shorter + longer if is_valid(purpose, other)]


@pytest.mark.parametrize(
    "nonsense", ["", ".", "..", "...", "\0", "é", "\ud800", "a" * 501, "." * 500, "x.y.z"]
)
def test_nonsense_is_no_token(nonsense: str) -> None:
    with pytest.raises(InvalidTokenError):
        tokens.UNSUBSCRIBE.read(nonsense)


@pytest.mark.parametrize("purpose", PURPOSES, ids=lambda each: each.name)
def test_a_token_lives_as_long_as_its_purpose_says(purpose: Purpose) -> None:
    token = purpose.token(ABOUT)
    lifetime = purpose.lifetime or timedelta(days=36500)
    near_its_end = time.time() + lifetime.total_seconds() - 60
    with patch("django.core.signing.time.time", return_value=near_its_end):
        assert is_valid(purpose, token)
    with patch("django.core.signing.time.time", return_value=near_its_end + 120):
        assert is_valid(purpose, token) == (purpose.lifetime is None)


def test_a_link_sent_under_an_older_key_opens(settings: Settings) -> None:
    token = tokens.UNSUBSCRIBE.token(ABOUT)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-" * 6
    assert tokens.UNSUBSCRIBE.read(token) == ABOUT
    settings.SECRET_KEY_FALLBACKS = []
    assert not is_valid(tokens.UNSUBSCRIBE, token)

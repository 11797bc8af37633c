"""People: an ORCID is one, and a role is current or past by its dates."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from pages.models import Role
from pages.models.people import validate_orcid


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0002-9079-593X"])
def test_an_orcid_with_a_right_check_character_is_taken(orcid: str) -> None:
    validate_orcid(orcid)


@pytest.mark.parametrize(
    "orcid",
    [
        "0000-0002-1825-0098",
        "0000-0002-1825-009X",
        "0000000218250097",
        "0000-0002-1825-00977",
        "",
        "x\n",
    ],
)
def test_an_orcid_with_a_slip_is_refused(orcid: str) -> None:
    with pytest.raises(ValidationError):
        validate_orcid(orcid)


@pytest.mark.parametrize(
    ("start", "end", "has_ended", "current", "past"),
    [
        (None, None, False, True, False),
        (0, None, False, True, False),
        (1, None, False, False, False),
        (None, 0, False, True, False),
        (None, -1, False, False, True),
        (None, None, True, False, True),
    ],
)
def test_a_role_is_current_or_past_by_its_dates(
    start: int | None, end: int | None, has_ended: bool, current: bool, past: bool
) -> None:
    """`start`, `end`: days from today."""
    today = timezone.localdate()
    first, last = (days if days is None else today + timedelta(days) for days in (start, end))
    role = Role(start=first, end=last, has_ended=has_ended)
    assert (role.is_current, role.is_past) == (current, past)

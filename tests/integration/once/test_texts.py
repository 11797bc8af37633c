"""Legal texts keep their earlier versions; each question has an address of its own."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from pages.models import FaqPage, NodePage
from tests import builders


def test_an_earlier_legal_text_stays_readable_under_its_date(
    client: Client, home: NodePage
) -> None:
    page = builders.legal(home, dated=date(2026, 1, 5), body=builders.body("We keep logs a year."))
    page.body, page.dated = builders.body("We keep logs a month."), date(2026, 6, 1)
    page.save_revision().publish()
    today, earlier = client.get("/en/privacy/").text, client.get("/en/privacy/2026-01-05/").text
    assert "a month" in today
    assert "a year" not in today
    assert "/en/privacy/2026-01-05/" in today
    assert "a year" in earlier
    assert "a month" not in earlier
    assert 'href="/en/privacy/"' in earlier


def test_a_mended_typo_makes_no_new_version(home: NodePage) -> None:
    page = builders.legal(home, dated=date(2026, 1, 5), body=builders.body("We kep logs."))
    page.body = builders.body("We keep logs.")
    page.save_revision().publish()
    assert page.versions.count() == 1
    assert "keep" in str(page.versions.get().body)


def test_a_draft_is_no_version(home: NodePage) -> None:
    page = builders.legal(home, dated=date(2026, 1, 5))
    page.dated = date(2026, 6, 1)
    page.save_revision()
    assert page.versions.count() == 1


@pytest.mark.parametrize("day", ["2026-01-06", "2026-13-01", "0-0-0", "99999-1-1", "2026-02-30"])
def test_a_version_that_never_was_is_not_found(client: Client, home: NodePage, day: str) -> None:
    builders.legal(home, dated=date(2026, 1, 5))
    assert client.get(f"/en/privacy/{day}/").status_code == 404


def test_a_question_has_an_address_of_its_own(client: Client, home: NodePage) -> None:
    builders.faq(home, "Questions", "what-is-a-biobank")
    markup = client.get("/en/questions/").text
    assert 'id="what-is-a-biobank"' in markup
    assert 'href="#what-is-a-biobank"' in markup


def test_two_questions_cannot_share_an_address(home: NodePage) -> None:
    page: FaqPage = builders.faq(home, "Questions", "why")
    page.questions = [*page.questions.raw_data, *page.questions.raw_data]
    with pytest.raises(ValidationError, match="anchor"):
        page.clean()

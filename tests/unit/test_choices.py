"""The two cookies: what they say, and that anything else is no choice."""

from itertools import product

import pytest
from django.test import RequestFactory

from visitors.choices import TEXTS, THEMES, CookieChoice, Display, Variant

HOSTILE = [
    "",
    "t100",
    "t175.auto",
    "t100.pink",
    "t100.auto ",
    "t100.auto\n",
    "T100.auto",
    "t\u0661\u0660\u0660.auto",
    "<script>",
    "t150.hc;t150.hc",
    "x" * 4000,
]


def display_of(cookie: str) -> Display:
    request = RequestFactory().get("/")
    request.COOKIES["bbmri_ui"] = cookie
    return Display.of(request)


def choice_of(cookie: str) -> CookieChoice:
    request = RequestFactory().get("/")
    request.COOKIES["bbmri_consent"] = cookie
    return CookieChoice.of(request)


@pytest.mark.parametrize(("text", "theme"), list(product(TEXTS, THEMES)))
def test_what_is_written_is_read(text: str, theme: str) -> None:
    assert display_of(str(Display(text, theme))) == Display(text, theme)


@pytest.mark.parametrize("cookie", HOSTILE)
def test_a_display_that_cannot_be_read_is_the_default(cookie: str) -> None:
    assert display_of(cookie).is_default


@pytest.mark.parametrize("answer", [True, False])
def test_an_answer_is_read_and_holds_for_its_policy_alone(answer: bool) -> None:
    choice = choice_of(str(CookieChoice(3, answer)))
    assert choice.under(3).analytics is answer
    assert choice.under(4).analytics is None


@pytest.mark.parametrize(
    "cookie", [*HOSTILE, "0.a1", "01.a1", "1.a2", "1000.a1", "1.a1.a0", "-1.a1"]
)
def test_an_answer_that_cannot_be_read_is_none(cookie: str) -> None:
    assert choice_of(cookie).analytics is None


def test_there_are_sixty_looks_and_no_more() -> None:
    answers = [CookieChoice(), CookieChoice(1, analytics=True), CookieChoice(1, analytics=False)]
    looks = product(map(Display, *zip(*product(TEXTS, THEMES), strict=True)), answers)
    assert len({Variant(*look).key for look in looks}) == 60

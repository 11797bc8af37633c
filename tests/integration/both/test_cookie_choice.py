"""Analytics cookies: asked for once, counted without a name, refused as easily as accepted."""

import hashlib
import re
from collections.abc import Callable
from copy import deepcopy
from http import HTTPStatus
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import ModelLogEntry

from pages.models import LegalPage, NodePage
from tests import builders
from visitors.notice import first_notice
from visitors.notice.admin import PUBLISH
from visitors.notice.notices import ChoiceCount, CookieNotice, current_notice
from visitors.notice.wording import PublishedWordingError

HERE = {"Sec-Fetch-Site": "same-origin"}
SENTENCE = (
    "We use cookies to analyse the traffic on our websites. "
    "All personal data is anonymized and not shared with third parties!"
)
BANNER = 'id="cookie-banner"'
ORIGIN = "https://statistics.example.org"


@pytest.fixture(scope="module")
def made(module_db: Path) -> NodePage:
    home = builders.home()
    first_notice.load()
    builders.legal(home, "Cookies", kind=LegalPage.Kind.COOKIES)
    return home


@pytest.fixture
def site(db: None, made: NodePage) -> NodePage:
    """A home with the first notice and the cookie page."""
    return deepcopy(made)


@pytest.fixture
def matomo(settings: Settings) -> None:
    settings.MATOMO_URL, settings.MATOMO_SITE_ID = f"{ORIGIN}/m/", 7


def answer(client: Client, analytics: str, **form: str) -> str:
    """Where the answer leads to."""
    sent = {"analytics": analytics, "next": "/en/"} | form
    response = client.post("/cookies/", sent, headers=HERE)
    assert response.status_code == HTTPStatus.SEE_OTHER
    return response.headers["Location"]


def test_a_no_stands_while_the_database_takes_no_writes(site: NodePage, client: Client) -> None:
    client.get("/en/")
    with connection.execute_wrapper(only_reading):
        assert answer(client, "0").endswith("#cookies-rejected")
    assert client.cookies["bbmri_consent"].value == "1.a0"
    assert not ChoiceCount.objects.exists()


def only_reading(execute: Callable[..., object], sql: str, *more: object) -> object:
    if not sql.startswith("SELECT"):
        raise OperationalError("attempt to write a readonly database")
    return execute(sql, *more)


def test_the_banner_asks_word_for_word_and_offers_two_equal_buttons(
    client: Client, site: NodePage
) -> None:
    shown = client.get("/en/").text
    assert SENTENCE in shown
    assert '<a href="/en/cookies/">Click here for more information.</a>' in shown
    for value, words in (("1", "Accept analytics cookies"), ("0", "Reject analytics cookies")):
        named = rf'<button\s+type="submit"\s+name="analytics"\s+value="{value}"'
        assert re.search(rf"{named}[^>]*>{words}</button>", shown)
    assert shown.index(BANNER) < shown.index("<header")


@pytest.mark.parametrize(("analytics", "told"), [("1", "accepted"), ("0", "rejected")])
def test_an_answer_is_kept_half_a_year_and_ends_the_question(
    client: Client, site: NodePage, analytics: str, told: str
) -> None:
    assert answer(client, analytics) == f"/en/#cookies-{told}"
    cookie = client.cookies["bbmri_consent"]
    assert (cookie.value, cookie["max-age"]) == (f"1.a{analytics}", 180 * 86400)
    shown = client.get("/en/").text
    assert BANNER not in shown
    assert f'id="cookies-{told}"' in shown


@pytest.mark.parametrize("analytics", ["", "2", "yes", "<b>"])
def test_another_answer_is_none(client: Client, site: NodePage, analytics: str) -> None:
    assert answer(client, analytics) == "/en/"
    assert "bbmri_consent" not in client.cookies
    assert not ChoiceCount.objects.exists()


def test_answers_are_counted_by_day_and_kind_alone(client: Client, site: NodePage) -> None:
    answer(client, "1")
    answer(Client(), "1")
    answer(client, "0", next="/nl/cookies/", surface="page")
    answer(client, "0", surface="<b>")
    counts = ChoiceCount.objects.values_list("policy", "language", "choice", "surface", "count")
    assert set(counts) == {
        (1, "en", "accepted", "banner", 2),
        (1, "nl", "rejected", "page", 1),
        (1, "en", "rejected", "banner", 1),
    }


def test_withdrawing_expires_the_analytics_cookies_seen_and_no_others(
    client: Client, site: NodePage
) -> None:
    for name in ("_pk_id.1.1fff", "_pk_ses.1.1fff", "other"):
        client.cookies[name] = "x"
    response = client.post("/cookies/", {"analytics": "0"}, headers=HERE)
    gone = {name for name, cookie in response.cookies.items() if cookie["max-age"] == 0}
    assert gone == {"_pk_id.1.1fff", "_pk_ses.1.1fff"}


def test_the_cookie_page_asks_without_a_banner(client: Client, site: NodePage) -> None:
    shown = client.get("/en/cookies/").text
    assert BANNER not in shown
    assert 'name="analytics" value="0" checked' in shown
    answer(client, "1")
    assert 'name="analytics" value="1" checked' in client.get("/en/cookies/").text


def test_a_new_meaning_asks_again_and_a_mended_slip_does_not(
    client: Client, site: NodePage
) -> None:
    answer(client, "0")
    mended = {"en": {"text": "Mended words.", "link_text": "More."}}
    assert CookieNotice.publish(mended, material=False) == 2
    assert current_notice().version == 1
    assert BANNER not in client.get("/en/").text
    changed = {"en": {"text": "A new purpose.", "link_text": "More."}}
    CookieNotice.publish(changed, material=True)
    assert "A new purpose." in client.get("/en/").text
    answer(client, "0")
    assert client.cookies["bbmri_consent"].value == "3.a0"
    earlier = client.get("/en/cookies/").text
    assert SENTENCE in earlier
    assert "Mended words." in earlier


def test_a_published_notice_is_neither_changed_nor_deleted(site: NodePage) -> None:
    notice = CookieNotice.objects.get(language="en")
    assert notice.sha256 == hashlib.sha256(notice.words.encode()).hexdigest()
    notices = CookieNotice.objects.filter(pk=notice.pk)
    for change in (notice.save, notice.delete, notices.delete, lambda: notices.update(text="x")):
        with pytest.raises(PublishedWordingError):
            change()


def test_the_first_notice_is_published_once_in_four_languages(site: NodePage) -> None:
    assert not first_notice.load()
    assert set(CookieNotice.objects.values_list("language", "version", "material")) == {
        (language, 1, True) for language in ("en", "nl", "fr", "de")
    }


def test_analytics_are_in_the_page_of_who_accepted_and_nowhere_else(
    client: Client, site: NodePage, matomo: None
) -> None:
    for analytics in (None, "0"):
        if analytics:
            answer(client, analytics)
        response = client.get("/en/")
        assert "analytics.js" not in response.text
        assert ORIGIN not in response.headers["Content-Security-Policy"]
    answer(client, "1")
    response = client.get("/en/")
    assert f'data-url="{ORIGIN}/m/" data-site="7"' in " ".join(response.text.split())
    policy = response.headers["Content-Security-Policy"]
    assert policy.count(ORIGIN) == 3
    assert f"script-src 'self' {ORIGIN}" in policy


def test_without_a_configured_matomo_nothing_is_loaded(client: Client, site: NodePage) -> None:
    answer(client, "1")
    assert "analytics.js" not in client.get("/en/").text


def test_an_editor_publishes_a_version_and_sees_the_counts(
    client: Client, site: NodePage, admin_of_all: User
) -> None:
    answer(client, "1")
    client.force_login(admin_of_all)
    shown = client.get("/admin/cookie-notice/")
    assert SENTENCE in shown.text
    assert "<td>accepted</td>" in shown.text
    form = shown.context["form"].initial | {"text_en": "New words.", "material": "on"}
    response = client.post("/admin/cookie-notice/", form, follow=True)
    assert "Version 2" in response.text
    assert current_notice().version == 2
    assert CookieNotice.objects.filter(version=2).count() == 4


@pytest.mark.parametrize(
    ("material", "told"), [("on", "the meaning changed"), ("", "the meaning is as it was")]
)
def test_who_published_a_version_is_logged(
    client: Client, site: NodePage, admin_of_all: User, material: str, told: str
) -> None:
    assert not publish_words(client, admin_of_all, "New words.", material)
    entry = ModelLogEntry.objects.get(action=PUBLISH)
    assert entry.user == admin_of_all
    assert entry.message == f"Published version 2 of the cookie notice: {told}"
    assert entry.message in client.get("/admin/reports/site-history/").text


def test_the_same_words_are_published_once(
    client: Client, site: NodePage, admin_of_all: User
) -> None:
    """A button pressed twice sends its form twice."""
    publish_words(client, admin_of_all, "New words.")
    shown = publish_words(client, admin_of_all, "New words.")
    assert "These words are published already." in shown
    assert set(CookieNotice.objects.values_list("version", flat=True)) == {1, 2}
    assert ModelLogEntry.objects.filter(action=PUBLISH).count() == 1


def test_who_publishes_at_the_same_moment_is_told(
    client: Client, site: NodePage, admin_of_all: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CookieNotice, "last_version", lambda: 0)  # as it was before the other's
    shown = publish_words(client, admin_of_all, "New words.")
    assert "Somebody else published a version just now" in shown
    assert not CookieNotice.objects.filter(text="New words.").exists()
    assert not ModelLogEntry.objects.filter(action=PUBLISH).exists()


def publish_words(client: Client, user: User, words: str, material: str = "") -> str:
    """What the admin shows of a form with these English words: nothing once it is published."""
    client.force_login(user)
    form = client.get("/admin/cookie-notice/").context["form"].initial | {"text_en": words}
    if material:
        form["material"] = material
    return client.post("/admin/cookie-notice/", form).text


def test_a_version_needs_every_language(client: Client, site: NodePage, admin_of_all: User) -> None:
    client.force_login(admin_of_all)
    shown = client.post(
        "/admin/cookie-notice/", {"text_en": "English.", "link_text_en": "More.", "material": "on"}
    )
    assert set(shown.context["form"].errors) == {
        f"{field}_{code}" for field in ("text", "link_text") for code in ("nl", "fr", "de")
    }
    assert not CookieNotice.objects.filter(version=2).exists()


def test_who_may_not_publish_a_notice_is_refused(publishing: Client, site: NodePage) -> None:
    assert publishing.get("/admin/cookie-notice/").status_code in {302, 403}
    assert publishing.post("/admin/cookie-notice/", {}).status_code in {302, 403}

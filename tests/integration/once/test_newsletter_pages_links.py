"""What a link in a mail opens: GET changes nothing, POST acts, again is as good as once."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from newsletter.models import ConsentEvent, Delivery, DeliveryKind, SignUp, Subscriber, Suppression
from newsletter.subscribers import acts
from pages.models import NodePage
from tests import builders
from tests.integration.mail_links import (
    ADA,
    ALL,
    OF_A_SUBSCRIBER,
    address_of,
    change_of,
    kinds,
    press,
    refusal,
    token_for,
)


@pytest.fixture
def ada(home: NodePage) -> Subscriber:
    return builders.subscriber(ADA)


def row_for(name: str, ada: Subscriber) -> Any:  # noqa: ANN401  whatever the link is about
    if name in OF_A_SUBSCRIBER:
        return ada
    return change_of(ada) if name == "confirm-address" else builders.sign_up("bo@example.org")


def everything() -> str:
    rows = [
        row
        for model in apps.get_app_config("newsletter").get_models()
        for row in model._default_manager.all()
    ]
    return serialize("json", rows)


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("name", ALL)
def test_looking_changes_nothing(client: Client, ada: Subscriber, name: str, language: str) -> None:
    address, before = address_of(name, row_for(name, ada), language), everything()
    for look in (client.get, client.head, client.get):
        assert look(address).status_code == HTTPStatus.OK
    assert everything() == before
    assert "<form" in client.get(address).text
    assert f'<html lang="{language}"' in client.get(address).text


@pytest.mark.parametrize("name", ALL)
def test_the_page_is_for_its_bearer_alone(
    client: Client, ada: Subscriber, name: str, keeping: None, settings: Settings
) -> None:
    settings.MATOMO_URL, settings.MATOMO_SITE_ID = "https://statistics.example.org/", 7
    client.cookies["bbmri_consent"] = "1.a1"
    address = address_of(name, row_for(name, ada))
    for response in (client.get(address), press(client, address), client.get(address + "x/")):
        assert "no-store" in response.headers["Cache-Control"]
        assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert response.headers["Referrer-Policy"] == "same-origin"
        assert "statistics.example.org" not in str(response.headers)
        assert "statistics.example.org" not in response.text
        assert not response.cookies
        if "attachment" in response.headers.get("Content-Disposition", ""):
            continue
        assert ADA not in response.text, "masked"
        if response.text:
            assert '<meta name="robots" content="noindex' in response.text
            assert "canonical" not in response.text
            assert "og:url" not in response.text


@pytest.mark.parametrize("name", ALL)
def test_a_post_from_another_site_is_refused(ada: Subscriber, name: str) -> None:
    address, before = address_of(name, row_for(name, ada)), everything()
    client = Client(enforce_csrf_checks=True)
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post(address, headers=headers).status_code == HTTPStatus.FORBIDDEN
    assert client.put(address).status_code == HTTPStatus.METHOD_NOT_ALLOWED
    assert everything() == before


@pytest.mark.parametrize("name", ALL)
def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(
    client: Client, ada: Subscriber, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = row_for(name, ada)
    good, wanted = address_of(name, row), refusal(client, f"/en/newsletter/{name}/x/")
    start = good.rindex("/", 0, -1) + 1
    for place in (*range(start, len(good) - 2, 8), len(good) - 2):  # each byte: test_tokens
        for sign in ("A" if good[place] != "A" else "B", "/", "é"):
            altered = good[:place] + sign + good[place + 1 :]
            assert client.get(altered).content == wanted, altered
    for other, purpose in ALL.items():
        if other != name:
            token = token_for(purpose, row)
            assert refusal(client, f"/en/newsletter/{name}/{token}/") == wanted
    row.delete()
    assert refusal(client, good) == wanted


@pytest.mark.parametrize("name", [name for name in ALL if ALL[name].lifetime])
def test_an_expired_link_is_refused_like_any_other(
    client: Client, ada: Subscriber, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, lifetime = row_for(name, ada), ALL[name].lifetime
    assert lifetime
    now = timezone.now().timestamp()
    for age, status in ((lifetime * 0.99, 200), (lifetime * 1.01, 404)):
        monkeypatch.setattr("time.time", lambda age=age: now - age.total_seconds())
        address = address_of(name, row)
        monkeypatch.undo()
        assert client.get(address).status_code == status
    assert client.get(address).content == refusal(client, f"/en/newsletter/{name}/x/")


def test_leaving_by_link_never_expires(
    client: Client, ada: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_000_000_000.0)
    address = address_of("unsubscribe", ada)
    monkeypatch.undo()
    assert press(client, address).status_code == HTTPStatus.OK


def test_confirming_makes_a_subscriber_once(client: Client, home: NodePage) -> None:
    address = address_of("confirm", builders.sign_up(ADA))
    assert "A••••@example.org" in client.get(address).text
    for _time in range(2):
        response = press(client, address)
        assert response.status_code == HTTPStatus.OK
        assert "You are subscribed" in response.text
        assert "/en/newsletter/manage/" in response.text
    assert Subscriber.objects.get().address == ADA
    assert kinds() == ["confirmed"]


def test_an_old_confirmation_does_not_bring_back_who_left(client: Client, home: NodePage) -> None:
    address = address_of("confirm", builders.sign_up(ADA))
    press(client, address)
    acts.leave(Subscriber.objects.get(), "page")
    response = press(client, address)
    assert "You have left since" in response.text
    assert not Subscriber.objects.get().is_confirmed


def test_never_again_suppresses_and_then_nothing_confirms(client: Client, home: NodePage) -> None:
    sign_up = builders.sign_up(ADA)
    for _time in range(2):
        assert press(client, address_of("never-again", sign_up)).status_code == HTTPStatus.OK
    assert Suppression.objects.get().reason == Suppression.Reason.NEVER
    response = press(client, address_of("confirm", sign_up))
    assert "We may not write to this address" in response.text
    assert not Subscriber.objects.exists()
    assert SignUp.objects.get().state != SignUp.State.CONFIRMED


def test_leaving_and_undoing_it(client: Client, ada: Subscriber) -> None:
    for _time in range(2):
        response = press(client, address_of("unsubscribe", ada))
        assert "You have left" in response.text
    assert Delivery.objects.filter(kind=DeliveryKind.GOODBYE).count() == 1
    undo = response.text.split('action="')[-1].split('"')[0]
    assert undo.startswith("/en/newsletter/undo-now/")
    for _time in range(2):
        assert "You are subscribed again" in press(client, undo).text
    assert kinds() == ["confirmed", "left", "returned"]
    assert ConsentEvent.objects.latest("pk").method == "mail_link"


def test_who_has_a_mail_that_was_passed_on_brings_nobody_back(
    client: Client, ada: Subscriber
) -> None:
    acts.leave(ada, "page")
    Subscriber.objects.update(left_at=timezone.now() - timedelta(minutes=61))
    left = press(client, address_of("unsubscribe", ada))
    assert "/newsletter/undo" not in left.text
    page = address_of("manage", ada)
    for answer in (left, client.get(page)):
        assert "Use the link in the mail that told you" in answer.text
    assert press(client, page, act="undo").status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert kinds() == ["confirmed", "left"]
    assert "You are subscribed again" in press(client, address_of("undo", ada)).text


def test_a_link_to_leave_opens_no_other_page(client: Client, ada: Subscriber) -> None:
    page = client.get(address_of("unsubscribe", ada)).text
    assert "/newsletter/manage/" not in page
    assert "/newsletter/manage/" not in press(client, address_of("unsubscribe", ada)).text


def test_who_was_reported_as_spam_is_not_brought_back_by_undo(
    client: Client, ada: Subscriber
) -> None:
    acts.suppress(ada.subject, Suppression.Reason.COMPLAINED, "provider")
    assert "We may not write" in press(client, address_of("undo", ada)).text
    ada.refresh_from_db()
    assert not ada.is_confirmed


def test_erasing_leaves_no_address_and_ends_every_link(client: Client, ada: Subscriber) -> None:
    links = [address_of(name, ada) for name in OF_A_SUBSCRIBER]
    assert "Your data is erased" in press(client, address_of("erase", ada)).text
    assert not Subscriber.objects.exists()
    assert "peeters" not in everything().lower()
    assert {client.get(link).status_code for link in links} == {HTTPStatus.NOT_FOUND}
    assert Suppression.objects.get().reason == Suppression.Reason.ERASED


def test_a_new_text_is_agreed_to_once(client: Client, ada: Subscriber) -> None:
    address = address_of("reconsent", ada)
    new = builders.consent_text("en", 2, text="A new one, see privacy notice.")
    page = client.get(address).text
    assert "A new one, see" in page
    assert 'name="wording" value="2.en"' in page
    for _time in range(2):
        assert "Thank you" in press(client, address, wording="2.en").text
    ada.refresh_from_db()
    assert ada.consent_text == new
    assert kinds() == ["confirmed", "reconsented"]


def test_nobody_agrees_to_a_text_they_did_not_see(client: Client, ada: Subscriber) -> None:
    builders.consent_text("en", 2, text="A new one, see privacy notice.")
    for seen in ({"wording": "1.en"}, {}):
        response = press(client, address_of("reconsent", ada), **seen)
        assert response.status_code == HTTPStatus.CONFLICT
        assert "read it again" in response.text
        assert "Do you agree to the new text?" in response.text
    ada.refresh_from_db()
    assert ada.consent_text.version == 1


def test_who_left_is_not_asked_to_agree(client: Client, ada: Subscriber) -> None:
    acts.leave(ada, "page")
    builders.consent_text("en", 2)
    for response in (
        client.get(address_of("reconsent", ada)),
        press(client, address_of("reconsent", ada)),
    ):
        assert "You have left" in response.text
    assert kinds() == ["confirmed", "left"]


def test_who_was_imported_reads_what_they_agree_to(client: Client, home: NodePage) -> None:
    address = address_of("confirm", builders.sign_up(ADA))
    assert "I agree to get mail" not in client.get(address).text
    SignUp.objects.update(origin=SignUp.Origin.IMPORT)
    page = client.get(address).text
    assert "was on a list" in page
    assert "I agree to get mail" in page


@pytest.mark.parametrize("name", ALL)
def test_who_has_done_it_is_led_on(client: Client, ada: Subscriber, name: str) -> None:
    done = press(client, address_of(name, row_for(name, ada)))
    if done.status_code == HTTPStatus.OK and "text/html" in done.headers["Content-Type"]:
        main = done.text.partition("<main")[2].partition("</main>")[0]
        assert "<form" in main or 'href="/en/"' in main

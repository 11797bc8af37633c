"""Consent texts at the desk: publishing, who stands under which, asking anew."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from wagtail.models import ModelLogEntry

from newsletter.models import (
    ConsentEvent,
    ConsentText,
    Delivery,
    DeliveryKind,
    Subscriber,
    Suppression,
)
from newsletter.subscribers import acts, reconsent
from tests import builders

LANGUAGES = ("en", "nl", "fr", "de")
Fields = dict[str, str]


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.fixture
def first(db: None) -> None:
    for language in LANGUAGES:
        builders.consent_text(language)


def fields(**more: str) -> Fields:
    said = {}
    for code in LANGUAGES:
        said[f"text_{code}"] = "I agree, as the privacy notice says."
        said[f"link_text_{code}"] = "privacy notice"
        said[f"notice_url_{code}"] = "https://www.bbmri.example/privacy/"
        said[f"controller_{code}"] = "BBMRI Example"
        said[f"purposes_{code}"] = "Sending the newsletter."
    return said | more


def publish(desk: Client, **more: str) -> str:
    answer = desk.post(reverse("consent_texts:publish"), fields(publish="1", **more), follow=True)
    return answer.content.decode()


def test_the_form_begins_with_what_holds_now(desk: Client, first: None) -> None:
    shown = desk.get(reverse("consent_texts:publish"))
    assert shown.context["form"]["text_fr"].value() == builders.CONSENT


def test_looking_publishes_nothing(desk: Client, first: None) -> None:
    shown = desk.post(reverse("consent_texts:publish"), fields()).content.decode()
    assert "How version 2 will look" in shown
    assert 'as the <a href="https://www.bbmri.example/privacy/">privacy notice</a> says.' in shown
    assert ConsentText.last_version() == 1


def test_a_version_is_published_in_every_language_and_logged(
    desk: Client, manager: User, first: None
) -> None:
    assert "Version 2 of the consent text is published" in publish(desk, material="on")
    texts = ConsentText.objects.filter(version=2)
    assert sorted(texts.values_list("language", flat=True)) == sorted(LANGUAGES)
    assert all(text.material for text in texts)
    entry = ModelLogEntry.objects.get(action="newsletter.publish_text")
    assert entry.message == "Published version 2 of the consent text: the meaning changed"
    assert entry.user == manager


@pytest.mark.parametrize(
    "wrong",
    [
        {"link_text_nl": "nowhere in it"},
        {"text_de": "privacy notice, privacy notice"},
        {"notice_url_en": "javascript:alert(1)"},
        {"notice_url_en": "ftp://bbmri.example/"},
        {"text_fr": ""},
        {"controller_fr": "x" * 201},
        {"purposes_en": "x" * 1001},
    ],
)
def test_a_faulty_text_is_refused_with_the_reason(desk: Client, first: None, wrong: Fields) -> None:
    told = publish(desk, **wrong)
    assert "Not published yet" in told
    assert ConsentText.last_version() == 1


def test_a_new_meaning_changes_nothing_for_old_subscribers(desk: Client, first: None) -> None:
    ada = builders.subscriber()
    events = ConsentEvent.objects.count()
    publish(desk, material="on")
    ada.refresh_from_db()
    assert ada.is_confirmed
    assert ada.consent_text.version == 1
    assert ConsentEvent.objects.count() == events
    assert not Delivery.objects.filter(kind=DeliveryKind.RECONSENT).exists()
    shown = desk.get(reverse("consent_texts:index"))
    assert [row["standing"] for row in shown.context["versions"]] == [0, 1]
    assert shown.context["to_ask"] == 1


def test_a_version_that_is_not_there_is_not_found(desk: Client, first: None) -> None:
    for version in ("2", "0", "99999999999999999999"):
        path = f"{reverse('consent_texts:index')}{version}/"
        assert desk.get(path).status_code == HTTPStatus.NOT_FOUND


@pytest.fixture
def crowd(first: None) -> Subscriber:
    """Somebody to ask; others have left, are suppressed, or agreed to the new meaning."""
    asked = builders.subscriber("ask@example.org")
    acts.leave(builders.subscriber("left@example.org"), ConsentEvent.Method.PAGE)
    Suppression.add(builders.subscriber("no@example.org").subject, Suppression.Reason.COMPLAINED)
    new = builders.consent_text("en", 2, text="Other words of the privacy notice.")
    acts.agree_anew(
        builders.subscriber("new@example.org", consent_text=new), new, ConsentEvent.Method.PAGE
    )
    return asked


def asked() -> list[str]:
    mails = Delivery.objects.filter(kind=DeliveryKind.RECONSENT)
    return [mail.subscriber.address for mail in mails if mail.subscriber]


def test_only_who_may_and_must_be_asked_is_asked_and_only_once(
    desk: Client, manager: User, crowd: Subscriber
) -> None:
    address = reverse("consent_texts:reconsent")
    assert "Send 1 mail" in desk.get(address).content.decode()
    assert asked() == []
    assert "1 mail waits to be sent" in desk.post(address, follow=True).content.decode()
    assert "Nobody is left to ask" in desk.post(address, follow=True).content.decode()
    assert asked() == ["ask@example.org"]
    entry = ModelLogEntry.objects.get(action="newsletter.reconsent")
    assert entry.message == "Asked subscribers to agree to version 2: 1"


def test_a_mended_slip_asks_nobody_again(desk: Client, crowd: Subscriber) -> None:
    desk.post(reverse("consent_texts:reconsent"))
    builders.consent_text("en", 3, material=False)
    assert not reconsent.to_ask().exists()
    builders.consent_text("en", 4, material=True)
    assert reconsent.to_ask().filter(pk=crowd.pk).exists()


def test_two_who_click_at_once_make_one_mail(crowd: Subscriber) -> None:
    mail = reconsent._mail_to(crowd)
    assert mail
    reconsent.ask_all()
    Delivery.objects.bulk_create([mail], ignore_conflicts=True)
    assert asked() == ["ask@example.org"]


def test_asking_many_goes_in_chunks(
    first: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        builders.subscriber(f"person{number}@example.org")
    builders.consent_text("en", 2)
    monkeypatch.setattr(reconsent, "CHUNK", 2)
    assert reconsent.ask_all() == 5
    assert len(asked()) == 5

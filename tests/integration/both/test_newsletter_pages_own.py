"""A subscriber's own page: what it says, and what can be done there."""

import logging
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.utils import timezone

from newsletter import addresses, tokens
from newsletter.models import (
    AddressChange,
    ConsentEvent,
    Delivery,
    DeliveryKind,
    DeliveryReport,
    SignUp,
    Subscriber,
    Suppression,
)
from newsletter.subscribers import acts, by_mail
from pages.models import NodePage
from tests import builders

HERE = {"Sec-Fetch-Site": "same-origin"}
ADA = "Ada.Peeters@example.org"


@pytest.fixture
def ada(home: NodePage) -> Subscriber:
    builders.topic("events")
    return builders.subscriber(ADA)


def page_of(subscriber: Subscriber, language: str = "en") -> str:
    return f"/{language}/newsletter/manage/{tokens.MANAGE.token_of(subscriber)}/"


def ask(client: Client, subscriber: Subscriber, act: str, **form: Any) -> Any:  # noqa: ANN401  the test client's answer
    return client.post(page_of(subscriber), {"act": act} | form, headers=HERE)


def kinds() -> list[str]:
    return list(ConsentEvent.objects.values_list("kind", flat=True))


def test_the_page_says_what_was_agreed_to_and_when(client: Client, ada: Subscriber) -> None:
    page = client.get(page_of(ada)).text
    for words in (
        "A••••@example.org",
        "You agreed on",
        "I agree to get mail, as the",
        "Version 1, English",
        "sent by BBMRI Example",
        "Sending the newsletter.",
        "We do not track whether you open a mail",
        "You asked for it.",
        "You confirmed that you want the newsletter.",
        "since",
    ):
        assert words in page
    assert ADA not in page


def test_the_page_speaks_the_language_of_its_address(client: Client, ada: Subscriber) -> None:
    assert '<html lang="fr"' in client.get(page_of(ada, "fr")).text


def test_a_page_tells_only_what_is_true(client: Client, ada: Subscriber) -> None:
    assert 'class="told chrome" tabindex' not in client.get(page_of(ada)).text
    ask(client, ada, "leave")
    assert "You have left." in client.get(f"{page_of(ada)}?told=leave").text
    ask(client, ada, "undo")
    for told in ("leave", "nonsense"):
        assert f'id="told-{told}"' not in client.get(f"{page_of(ada)}?told={told}").text


def test_topics_are_saved_once(client: Client, ada: Subscriber) -> None:
    for _time in range(2):
        response = ask(client, ada, "topics", topics=["events"])
        assert response.status_code == HTTPStatus.SEE_OTHER
        assert response.headers["Location"].endswith("/?told=topics#told-topics")
        assert "Your topics are saved." in client.get(response.headers["Location"]).text
    assert ada.topic_slugs() == ["events"]
    assert kinds() == ["confirmed", "topics_changed"]
    assert ConsentEvent.objects.latest("pk").method == "page"


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("topics", {}),
        ("topics", {"topics": ["nonsense"]}),
        ("language", {"language": "xx"}),
        ("language", {"language": ["nl", "fr"]}),
        ("nonsense", {}),
        ("", {}),
    ],
)
def test_nonsense_is_refused(
    client: Client, ada: Subscriber, act: str, form: dict[str, Any]
) -> None:
    assert ask(client, ada, act, **form).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert kinds() == ["confirmed"]


def test_a_button_that_is_none_is_answered_in_words(client: Client, ada: Subscriber) -> None:
    assert "Nothing was done" in ask(client, ada, "nonsense").text


def test_a_topic_no_longer_offered_stays_with_who_has_it(client: Client, ada: Subscriber) -> None:
    builders.topic("old")
    acts.choose_topics(ada, ["old"], "page")
    ada.topics.update(offered=False)
    assert 'value="old"' in client.get(page_of(ada)).text
    assert 'value="old"' not in client.get(page_of(builders.subscriber("bo@example.org"))).text
    assert ask(client, ada, "topics", topics=["old", "events"]).status_code == 303


def test_the_language_of_the_mails_is_saved(client: Client, ada: Subscriber) -> None:
    ask(client, ada, "language", language="nl")
    ada.refresh_from_db()
    assert ada.language == "nl"
    assert kinds() == ["confirmed", "language_changed"]


def test_leaving_is_shown_and_can_be_undone(client: Client, ada: Subscriber) -> None:
    for _time in range(2):
        assert ask(client, ada, "leave").status_code == HTTPStatus.SEE_OTHER
    page = client.get(page_of(ada)).text
    assert "You left on" in page
    assert 'value="undo"' in page
    assert 'value="topics"' not in page
    ask(client, ada, "undo")
    assert 'value="topics"' in client.get(page_of(ada)).text
    assert kinds() == ["confirmed", "left", "returned"]


def test_who_is_never_to_be_written_to_cannot_undo(client: Client, ada: Subscriber) -> None:
    acts.suppress(ada.subject, Suppression.Reason.STAFF, "admin")
    assert "We may not write" in ask(client, ada, "undo").text


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        ("erase", DeliveryKind.ERASE_LINK),
        ("change-address", DeliveryKind.CHANGE_LINK),
        ("download", DeliveryKind.DATA_LINK),
    ],
)
def test_what_only_the_mailbox_may_do_needs_a_mail_and_one_is_enough(
    client: Client, ada: Subscriber, act: str, kind: str
) -> None:
    mails = Delivery.objects.filter(kind=kind)
    for _time in range(3):
        assert ask(client, ada, act).headers["Location"].endswith(f"#told-{act}")
    assert mails.count() == 1
    mails.update(made_at=timezone.now() - timedelta(minutes=16))
    ask(client, ada, act)
    assert mails.count() == 2
    assert Subscriber.objects.get() == ada


def test_whoever_has_the_page_cannot_flood_the_mailbox(client: Client, ada: Subscriber) -> None:
    mails = Delivery.objects.filter(kind=DeliveryKind.ERASE_LINK)
    for _time in range(by_mail.LINKS_OF_A_KIND_DAILY):
        assert ask(client, ada, "erase").status_code == HTTPStatus.SEE_OTHER
        mails.update(made_at=F("made_at") - timedelta(minutes=16))
    refused = ask(client, ada, "erase")
    assert refused.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert "often enough today" in refused.text
    assert mails.count() == by_mail.LINKS_OF_A_KIND_DAILY
    mails.update(made_at=F("made_at") - timedelta(days=1))
    assert ask(client, ada, "erase").status_code == HTTPStatus.SEE_OTHER


def test_the_download_holds_everything(client: Client, ada: Subscriber) -> None:
    by_mail.ask_for_link(addresses.read(ADA))
    by_mail.ask_new_address(ada, addresses.read("ada@new.example"))
    ada = by_mail.change_address(AddressChange.objects.get())
    mail = ada.deliveries.earliest("pk")
    DeliveryReport.objects.create(key="1", kind="delivered", delivery=mail, at=timezone.now())
    address = f"/en/newsletter/download/{tokens.DOWNLOAD.token_of(ada)}/"
    assert "ada@new.example" not in client.get(address).text
    response = client.post(address, headers=HERE)
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in response.headers["Cache-Control"]
    held = response.json()
    assert held["subscriber"]["address"] == "ada@new.example"
    assert held["agreed_to"]["text"] == builders.CONSENT
    assert [event["kind"] for event in held["history"]] == [
        "confirmed",
        "address_left",
        "address_taken",
    ]
    assert held["sign_ups"][0]["address"] == ADA
    assert held["address_changes"][0]["old_address"] == ADA
    assert {mail["kind"] for mail in held["mails"]} == {"confirm_address", "address_changed"}
    assert held["link_requests"]
    assert held["reports_on_mails"][0]["kind"] == "delivered"
    passed_on = client.get(f"{page_of(ada)}data.json", follow=True)
    assert passed_on.status_code == HTTPStatus.NOT_FOUND


def test_history_goes_back_past_a_change_of_address_and_no_further(
    client: Client, ada: Subscriber
) -> None:
    by_mail.ask_new_address(ada, addresses.read("ada@new.example"))
    by_mail.change_address(AddressChange.objects.get())
    other = builders.subscriber(ADA)
    acts.leave(other, "page")
    ada.refresh_from_db()
    page = client.get(page_of(ada)).text
    assert "You confirmed that you want the newsletter." in page
    assert "You took your new address." in page
    assert "You left." not in page, "that is who has the address now"


def test_the_page_costs_as_much_with_a_long_history(
    client: Client, ada: Subscriber, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client.get(page_of(ada))
    with django_assert_num_queries(9):
        client.get(page_of(ada))
    for _time in range(5):
        acts.leave(ada, "page")
        acts.come_back(ada, "page")
    with django_assert_num_queries(9):
        client.get(page_of(ada))


def test_a_fault_is_logged_without_the_link(
    ada: Subscriber, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall_over(*_about: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("newsletter.views.manage.history.events_of", fall_over)
    requests = logging.getLogger("django.request")
    requests.addHandler(caplog.handler)
    response = Client(raise_request_exception=False).get(page_of(ada))
    requests.removeHandler(caplog.handler)
    assert response.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert "the disk is full" in caplog.text
    assert "manage/<path:token>/" in caplog.text
    assert page_of(ada) not in caplog.text
    assert tokens.MANAGE.token_of(ada)[:40] not in caplog.text


def at_once(act: Callable[[], Any], times: int = 8) -> None:
    """Do it in so many threads, started together."""
    start = Barrier(times)

    def run() -> None:
        start.wait()
        try:
            act()
        finally:
            connection.close()

    threads = [Thread(target=run) for _number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestAtOnce:
    """Several presses at the same moment are one."""

    def test_one_confirmation(self) -> None:
        builders.home()
        sign_ups = [builders.sign_up(address) for address in (ADA, ADA.lower())]
        links = [f"/en/newsletter/confirm/{tokens.CONFIRM.token(s.uuid.hex)}/" for s in sign_ups]
        said: list[int] = []

        def press() -> None:
            said.extend(Client().post(link, headers=HERE).status_code for link in links)

        at_once(press)
        assert set(said) == {HTTPStatus.OK}
        assert Subscriber.objects.count() == 1
        assert kinds() == ["confirmed"]
        assert SignUp.objects.filter(state=SignUp.State.CONFIRMED).count() == 2

    def test_one_goodbye(self) -> None:
        builders.home()
        ada = builders.subscriber(ADA)
        link = f"/newsletter/one-click/{tokens.UNSUBSCRIBE.token(ada.uuid.hex)}/"
        said: list[int] = []
        body = {"List-Unsubscribe": "One-Click"}
        at_once(lambda: said.append(Client().post(link, body).status_code))
        assert set(said) == {HTTPStatus.OK}
        assert kinds() == ["confirmed", "left"]
        assert Delivery.objects.filter(kind=DeliveryKind.GOODBYE).count() == 1

    def test_one_mail_with_a_link(self) -> None:
        builders.home()
        ada = builders.subscriber(ADA)
        at_once(lambda: ask(Client(), ada, "erase"))
        assert Delivery.objects.filter(kind=DeliveryKind.ERASE_LINK).count() == 1

"""The newsletter's desk: who may enter, what stands there, and what is done on request."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from wagtail.models import ModelLogEntry

from newsletter import addresses
from newsletter.admin.permissions import MANAGERS, ensure_group
from newsletter.models import ConsentEvent, Delivery, SignUp, Subscriber, Suppression
from newsletter.subscribers import acts
from tests import builders

ADDRESS = "Ada.Peeters@example.org"
SCREENS = [
    "subscribers:index",
    "subscribers:index_results",
    "subscribers:find",
    "subscribers:export",
    "subscribers:import",
    "subscribers:inspect",
    "subscribers:stop",
    "subscribers:erase",
    "sign_ups:index",
    "sign_ups:index_results",
    "consent_texts:index",
    "consent_texts:publish",
    "consent_texts:version",
    "consent_texts:reconsent",
    "newsletter_topics:index",
    "newsletter_topics:index_results",
    "newsletter_topics:add",
    "newsletter_topics:edit",
    "newsletter_topics:delete",
    "suppressions:index",
    "suppressions:index_results",
    "suppressions:enter",
    "suppressions:lift",
    "deliveries:index",
    "deliveries:index_results",
]


def address_of(screen: str, ada: Subscriber) -> str:
    if screen.startswith("subscribers") and screen.split(":")[1] in {"inspect", "stop", "erase"}:
        return reverse(screen, args=[ada.pk])
    if screen == "suppressions:lift":
        Suppression.add("f" * 64, Suppression.Reason.NEVER)
        return reverse(screen, args=[Suppression.objects.get(subject="f" * 64).pk])
    if screen in {"newsletter_topics:edit", "newsletter_topics:delete"}:
        return reverse(screen, args=[builders.topic().pk])
    if screen == "consent_texts:version":
        return reverse(screen, args=[1])
    return reverse(screen)


@pytest.fixture
def ada(db: None) -> Subscriber:
    return builders.subscriber(ADDRESS)


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    """A browser in which a newsletter manager is signed in."""
    client.force_login(manager)
    return client


def test_a_manager_opens_each_screen(
    desk: Client, ada: Subscriber, subtests: pytest.Subtests
) -> None:
    for screen in SCREENS:
        with subtests.test(screen=screen):
            assert desk.get(address_of(screen, ada), follow=True).status_code == HTTPStatus.OK


def test_an_editor_is_sent_back_from_each_screen(
    client: Client, editor: User, ada: Subscriber, subtests: pytest.Subtests
) -> None:
    client.force_login(editor)
    for screen in SCREENS:
        with subtests.test(screen=screen):
            address = address_of(screen, ada)
            for answer in (client.get(address), client.post(address)):
                assert answer.status_code == HTTPStatus.FOUND
                assert answer["Location"] == reverse("wagtailadmin_home")
            assert Subscriber.objects.filter(state=Subscriber.State.CONFIRMED).count() == 1


def test_a_stranger_is_asked_to_sign_in_at_each_screen(
    client: Client, stranger: User, ada: Subscriber, subtests: pytest.Subtests
) -> None:
    client.force_login(stranger)
    for screen in SCREENS:
        with subtests.test(screen=screen):
            address = address_of(screen, ada)
            for answer in (client.get(address), client.post(address, {"address": ADDRESS})):
                assert answer.status_code == HTTPStatus.FOUND
                assert reverse("wagtailadmin_login") in answer["Location"]
            assert Subscriber.objects.filter(state=Subscriber.State.CONFIRMED).count() == 1


def test_an_editor_sees_nothing_of_it_in_the_menu(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert b"newsletter/" not in client.get(reverse("wagtailadmin_home")).content


def test_a_manager_finds_it_in_the_menu(desk: Client) -> None:
    assert reverse("subscribers:index").encode() in desk.get(reverse("wagtailadmin_home")).content


def test_what_the_managers_may_do_stays_as_the_operator_left_it(manager: User) -> None:
    Group.objects.get(name=MANAGERS).permissions.clear()
    ensure_group()
    assert not Group.objects.get(name=MANAGERS).permissions.exists()


def test_there_is_no_way_to_add_edit_or_delete_a_subscriber_or_many(
    client: Client, admin_of_all: User, ada: Subscriber
) -> None:
    client.force_login(admin_of_all)
    for way in ("new/", f"edit/{ada.pk}/", f"delete/{ada.pk}/", f"copy/{ada.pk}/"):
        path = reverse("subscribers:index") + way
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND, way
    listed = client.get(reverse("subscribers:index")).content
    assert b"bulk-action" not in listed
    assert b"export=" not in listed
    bulk = "/admin/bulk/newsletter/subscriber/delete/"
    assert client.post(f"{bulk}?id={ada.pk}").status_code == HTTPStatus.NOT_FOUND


def test_the_list_counts_the_states_and_filters(desk: Client, ada: Subscriber) -> None:
    acts.leave(builders.subscriber("bo@example.org"), ConsentEvent.Method.PAGE)
    address = reverse("subscribers:index")
    everybody = desk.get(address).content.decode()
    assert ADDRESS in everybody
    assert "bo@example.org" in everybody
    left = desk.get(address, {"state": "left"})
    assert [row.address for row in left.context["object_list"]] == ["bo@example.org"]
    assert [state["count"] for state in left.context["counts"]] == [1, 1, 0]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"language": "en"}, 1),
        ({"language": "nl"}, 0),
        ({"version": "1"}, 1),
        ({"since": "2020-01-01"}, 1),
        ({"since": "2999-01-01"}, 0),
    ],
)
def test_the_list_is_narrowed(
    desk: Client, ada: Subscriber, query: dict[str, str], count: int
) -> None:
    found = desk.get(reverse("subscribers:index"), query)
    assert len(found.context["object_list"]) == count


def test_the_list_is_narrowed_by_topic(desk: Client, ada: Subscriber) -> None:
    other, hers = builders.topic("events"), builders.topic()
    address = reverse("subscribers:index")
    assert len(desk.get(address, {"topic": hers.pk}).context["object_list"]) == 1
    assert not desk.get(address, {"topic": other.pk}).context["object_list"]


@pytest.mark.parametrize(
    "screen", ["subscribers:index", "sign_ups:index", "deliveries:index", "newsletter_topics:index"]
)
def test_a_longer_list_costs_no_more_queries(
    desk: Client, ada: Subscriber, django_assert_num_queries: DjangoAssertNumQueries, screen: str
) -> None:
    address = reverse(screen)
    builders.delivery(ada)
    desk.get(address)
    with CaptureQueriesContext(connection) as few:
        desk.get(address)
    for number in range(5):
        someone = builders.subscriber(f"person{number}@example.org", topics=["newsletter", "b"])
        builders.delivery(someone)
        builders.topic(f"topic-{number}")
    with django_assert_num_queries(len(few)):
        desk.get(address)


def found_by(desk: Client, typed: str) -> str:
    return desk.post(reverse("subscribers:find"), {"address": typed}, follow=True).content.decode()


@pytest.mark.each_engine
def test_a_whole_address_leads_to_its_subscriber(desk: Client, ada: Subscriber) -> None:
    answer = desk.post(reverse("subscribers:find"), {"address": "ada.peeters@EXAMPLE.org"})
    assert answer["Location"] == reverse("subscribers:inspect", args=[ada.pk])


@pytest.mark.each_engine
def test_a_part_of_an_address_finds_those_who_have_it(desk: Client, ada: Subscriber) -> None:
    builders.subscriber("bo@example.org")
    assert "bo@example.org" not in found_by(desk, "peeters")
    assert ADDRESS in found_by(desk, "PEETERS")
    assert "bo@example.org" in found_by(desk, "@example")


def test_an_address_that_only_signed_up_or_is_suppressed_is_told(desk: Client) -> None:
    builders.sign_up("new@example.org")
    Suppression.add(addresses.read("no@example.org").subject, Suppression.Reason.NEVER)
    assert "not looked at yet" in found_by(desk, "new@example.org")
    assert "asked never to be written to" in found_by(desk, "no@example.org")


def test_a_subscribers_screen_holds_all_that_is_kept_and_no_field(
    desk: Client, ada: Subscriber
) -> None:
    builders.delivery(ada)
    acts.choose_topics(ada, [], ConsentEvent.Method.PAGE)
    shown = desk.get(reverse("subscribers:inspect", args=[ada.pk]))
    words = shown.content.decode()
    for expected in (
        ADDRESS,
        "BBMRI Example",
        "not ticked beforehand",
        "topics changed",
        "link to the own page",
        ada.consent_text.sha256,
    ):
        assert expected in words
    main = words.partition("<main")[2]
    assert 'type="text"' not in main
    assert "<textarea" not in main
    assert "no-store" in shown["Cache-Control"]


def log_of(action: str) -> ModelLogEntry:
    return ModelLogEntry.objects.get(action=action)


def test_stopping_on_request_is_written_down_without_the_address(
    desk: Client, manager: User, ada: Subscriber
) -> None:
    address = reverse("subscribers:stop", args=[ada.pk])
    assert ADDRESS in desk.get(address).content.decode()
    ada.refresh_from_db()
    assert ada.is_confirmed
    told = desk.post(address, follow=True).content.decode()
    assert f"Subscriber {ada.pk} gets no more mail" in told
    event = ConsentEvent.objects.of(ada.subject).last()
    assert event
    assert (event.kind, event.method) == ("left", "admin")
    assert event.evidence == {"staff": manager.pk}
    entry = log_of("newsletter.leave")
    assert (entry.user, entry.label) == (manager, f"Subscriber {ada.pk}")
    desk.post(address)
    assert ModelLogEntry.objects.filter(action="newsletter.leave").count() == 1


def test_erasing_on_request_leaves_no_address_anywhere(
    desk: Client, manager: User, ada: Subscriber
) -> None:
    address = reverse("subscribers:erase", args=[ada.pk])
    desk.get(address)
    assert Subscriber.objects.filter(pk=ada.pk).exists()
    told = desk.post(address, follow=True).content.decode()
    assert f"Subscriber {ada.pk} is erased" in told
    assert not Subscriber.objects.exists()
    assert not SignUp.objects.exists()
    entry = log_of("newsletter.erase")
    assert "example.org" not in f"{entry.label} {entry.data} {entry.message}"
    assert desk.post(address).status_code == HTTPStatus.NOT_FOUND


def test_who_may_only_look_can_neither_stop_nor_erase(
    desk: Client, manager: User, ada: Subscriber
) -> None:
    group = Group.objects.get(name=MANAGERS)
    for codename in ("change_subscriber", "delete_subscriber"):
        group.permissions.remove(group.permissions.get(codename=codename))
    for act in ("stop", "erase"):
        address = reverse(f"subscribers:{act}", args=[ada.pk])
        assert desk.post(address)["Location"] == reverse("wagtailadmin_home")
        shown = desk.get(reverse("subscribers:inspect", args=[ada.pk])).content.decode()
        assert address not in shown
    ada.refresh_from_db()
    assert ada.is_confirmed


def test_parked_sign_ups_are_listed_with_the_reason_and_a_masked_address(desk: Client) -> None:
    parked = builders.sign_up(ADDRESS)
    SignUp.objects.filter(pk=parked.pk).update(state=SignUp.State.PARKED)
    listed = desk.get(reverse("sign_ups:index"), {"state": "parked"}).content.decode()
    assert "too many at once" in listed
    assert "A••••@example.org" in listed
    assert ADDRESS not in listed


def test_deliveries_tell_what_the_server_said(desk: Client, ada: Subscriber) -> None:
    mail = builders.delivery(ada)
    Delivery.objects.filter(pk=mail.pk).update(error_code="452", error_text="mailbox is full")
    listed = desk.get(reverse("deliveries:index"), {"kind": "manage_link"}).content.decode()
    assert "452 mailbox is full" in listed
    assert f"Subscriber {ada.pk}" in listed
    assert ADDRESS not in listed


def test_the_sites_history_tells_each_act(desk: Client, ada: Subscriber, manager: User) -> None:
    desk.post(reverse("subscribers:stop", args=[ada.pk]))
    desk.post(reverse("subscribers:export"), {"format": "json"})
    desk.post(reverse("subscribers:erase", args=[ada.pk]))
    manager.is_superuser = True
    manager.save()
    told = desk.get(reverse("wagtailadmin_reports:site_history")).content.decode()
    assert "Stopped all mail on the person&#x27;s request" in told
    assert "Exported subscribers as json: 1" in told
    assert "Erased on the person&#x27;s request" in told
    assert "example.org" not in told

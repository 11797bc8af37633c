"""Topics and suppressions at the desk."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from newsletter import addresses
from newsletter.models import ConsentEvent, Delivery, DeliveryKind, Subscriber, Suppression, Topic
from tests import builders

LANGUAGES = ("en", "nl", "fr", "de")


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def topic_fields(**more: str) -> dict[str, str]:
    names = {f"name_{code}": f"Name {code}" for code in LANGUAGES}
    return {"slug": "jobs", "position": "3", "offered": "on", **names, **more}


def test_a_topic_is_made_with_its_name_in_every_language(desk: Client, manager: User) -> None:
    desk.post(reverse("newsletter_topics:add"), topic_fields())
    topic = Topic.objects.get(slug="jobs")
    assert sorted(topic.labels.values_list("language", flat=True)) == sorted(LANGUAGES)
    entry = ModelLogEntry.objects.get(action="wagtail.create")
    assert entry.user == manager


def test_a_topic_without_a_name_in_every_language_is_refused(desk: Client) -> None:
    shown = desk.post(reverse("newsletter_topics:add"), topic_fields(name_de=""))
    assert "name_de" in shown.context["form"].errors
    assert not Topic.objects.exists()


def test_a_topics_short_name_stays_and_its_names_change(desk: Client) -> None:
    topic = builders.topic()
    address = reverse("newsletter_topics:edit", args=[topic.pk])
    desk.post(address, topic_fields(slug="other", name_en="News"))
    topic = Topic.objects.get(pk=topic.pk)
    assert (topic.slug, str(topic), topic.labels.count()) == ("newsletter", "News", 4)


def test_a_topic_somebody_has_is_not_deleted_and_the_screen_says_why(desk: Client) -> None:
    builders.subscriber()
    topic = Topic.objects.get()
    address = reverse("newsletter_topics:delete", args=[topic.pk])
    assert "1 subscriber has this topic" in desk.get(address).content.decode()
    told = desk.post(address, follow=True).content.decode()
    assert "1 subscriber has this topic" in told
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_a_topic_nobody_has_is_deleted(desk: Client) -> None:
    topic = builders.topic()
    desk.post(reverse("newsletter_topics:delete", args=[topic.pk]))
    assert not Topic.objects.exists()


def enter(desk: Client, address: str, reason: str = "never") -> str:
    said = {"address": address, "reason": reason}
    return desk.post(reverse("suppressions:enter"), said, follow=True).content.decode()


def test_an_entered_address_is_kept_as_a_mark_and_its_subscriber_leaves(
    desk: Client, manager: User
) -> None:
    ada = builders.subscriber("ada@example.org")
    told = enter(desk, "ADA@example.org")
    assert "never written to any more" in told
    assert "ada@example.org" not in told.lower()
    row = Suppression.objects.get()
    assert row.subject == addresses.read("ada@example.org").subject
    ada.refresh_from_db()
    assert ada.state == Subscriber.State.LEFT
    event = ConsentEvent.objects.of(ada.subject).last()
    assert event
    assert event.method == ConsentEvent.Method.ADMIN
    assert not Delivery.objects.filter(kind=DeliveryKind.GOODBYE).exists()
    entry = ModelLogEntry.objects.get(action="newsletter.suppress")
    assert (
        entry.message == "Entered an address never to be written to: asked never to be written to"
    )
    assert "example.org" not in f"{entry.label}{entry.data}"


@pytest.mark.parametrize(
    ("address", "reason"), [("nobody", "never"), ("a@b.example", "erased"), ("", "never")]
)
def test_what_is_no_address_or_reason_is_not_entered(
    desk: Client, address: str, reason: str
) -> None:
    enter(desk, address, reason)
    assert not Suppression.objects.exists()


def test_a_suppression_is_lifted_with_a_reason_once(desk: Client, manager: User) -> None:
    enter(desk, "ada@example.org")
    row = Suppression.objects.get()
    address = reverse("suppressions:lift", args=[row.pk])
    assert address in desk.get(reverse("suppressions:index")).content.decode()
    desk.post(address, {"reason": ""})
    desk.post(address, {"reason": "ada@example.org asked"})
    row.refresh_from_db()
    assert row.lifted_at is None
    desk.post(address, {"reason": "Typed by mistake"})
    row.refresh_from_db()
    assert row.lifted_at
    entry = ModelLogEntry.objects.get(action="newsletter.lift")
    assert entry.message.endswith("Typed by mistake")
    assert desk.post(address, {"reason": "again"}).status_code == 404

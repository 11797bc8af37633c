"""What nobody asks for in earnest, at the newsletter's desk: no number or word breaks a screen."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from newsletter.models import Subscriber
from tests import builders

ADDRESS = "Ada.Peeters@example.org"
LISTS = [
    f"{name}:index{part}"
    for name in ("subscribers", "sign_ups", "newsletter_topics", "suppressions", "deliveries")
    for part in ("", "_results")
]
JUNK = [
    "state=x&state=confirmed",
    "topic=99999999999999999999999",
    "topic=x",
    "version=-1",
    "version=99999999999999999999",
    "since=0001-01-01",
    "since=tomorrow",
    "standing=maybe",
    "reason[]=x",
    "p=0",
    "p=-1",
    "p=x",
    "p=99999999999999999999",
    "ordering=-topics__slug",
    "ordering=address&ordering=x",
    "export=csv",
    "q=%F0%9F%A6%A0&_w_filter_fragment=1",
]


@pytest.fixture
def ada(db: None) -> Subscriber:
    return builders.subscriber(ADDRESS)


@pytest.fixture
def desk(client: Client, manager: User) -> Client:
    """A browser in which a newsletter manager is signed in."""
    client.force_login(manager)
    return client


@pytest.mark.parametrize("screen", [*LISTS, "consent_texts:index"])
def test_junk_in_the_query_breaks_no_list(
    desk: Client, ada: Subscriber, subtests: pytest.Subtests, screen: str
) -> None:
    for query in JUNK:
        with subtests.test(query=query):
            assert desk.get(f"{reverse(screen)}?{query}").status_code == HTTPStatus.OK


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999"])
def test_a_subscriber_that_is_not_there_is_not_found(desk: Client, pk: str) -> None:
    path = f"{reverse('subscribers:index')}{pk}/"
    for way in ("", "stop/", "erase/"):
        assert desk.get(path + way).status_code == HTTPStatus.NOT_FOUND
        assert desk.post(path + way).status_code in {
            HTTPStatus.NOT_FOUND,
            HTTPStatus.METHOD_NOT_ALLOWED,
        }


@pytest.mark.parametrize("typed", ["%", "_", "'", "x" * 255, "", "a\u202eb", "@" * 200])
def test_junk_finds_nobody(desk: Client, ada: Subscriber, typed: str) -> None:
    found = desk.post(reverse("subscribers:find"), {"address": typed}, follow=True)
    assert ADDRESS not in found.content.decode()

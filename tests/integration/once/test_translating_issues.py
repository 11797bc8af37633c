"""An issue is prepared only in a language it is written in, as it was approved."""

from copy import deepcopy
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail_localize.models import StringTranslation, Translation

from newsletter.models import Mailing, NewsletterIssuePage
from pages.models import NodePage
from tests import builders
from tests.integration import four_languages as stage


@pytest.fixture
def desk(client: Client, admin_of_all: User) -> Client:
    client.force_login(admin_of_all)
    return client


@pytest.fixture(scope="module")
def made(module_db: Path) -> NewsletterIssuePage:
    home = builders.home()
    stage.two_homes(home)
    return stage.in_dutch(builders.issue(home), User.objects.create_superuser("everybody"))


@pytest.fixture
def issue(db: None, made: NewsletterIssuePage) -> NewsletterIssuePage:
    """In Dutch, live."""
    return deepcopy(made)


def prepared(desk: Client, issue: NewsletterIssuePage) -> str:
    builders.topic()
    address = reverse("newsletter_prepare", args=[issue.pk])
    told: str = desk.post(address, {"topics": ["newsletter"]}, follow=True).text
    return told


def test_an_issue_with_an_open_piece_is_not_prepared(
    desk: Client, issue: NewsletterIssuePage
) -> None:
    StringTranslation.objects.filter(context__path="subject").delete()
    assert "1 piece is still open: Subject." in prepared(desk, issue)
    assert not Mailing.objects.exists()


def test_an_issue_that_was_changed_since_is_not_prepared(
    desk: Client, issue: NewsletterIssuePage
) -> None:
    issue.subject = "Iets anders"
    issue.save_revision()
    assert "changed after it was approved" in prepared(desk, issue)
    assert not Mailing.objects.exists()


def test_an_issue_that_is_begun_is_prepared_in_its_own_language_alone(
    desk: Client, home: NodePage, admin_of_all: User
) -> None:
    stage.two_homes(home)
    issue = builders.issue(home)
    alias = issue.copy_for_translation(stage.dutch(), alias=True)
    stage.begun(issue, admin_of_all)
    assert Translation.objects.filter(enabled=True).exists()
    assert desk.get(reverse("newsletter_prepare", args=[alias.pk])).status_code == 404
    listed = desk.get(reverse("wagtailadmin_explore", args=[alias.get_parent().pk])).text
    assert reverse("newsletter_issue", args=[alias.pk]) not in listed

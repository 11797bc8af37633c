"""What the admin says of pages that their source closes."""

from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction
from wagtail_localize.models import Translation

from newsletter.issues.messages import archive_address
from pages.models import NodePage, StandardPage
from pages.tree.published import published
from tests import builders
from tests.admin_acts import admin, signed_in


@pytest.fixture
def minutes(home: NodePage) -> StandardPage:
    return builders.text_page(home, "Minutes")


def test_the_screen_of_a_translation_says_that_its_source_closes_it(
    publishing: Client, minutes: StandardPage
) -> None:
    dutch = builders.made_from(minutes)
    edit = reverse("wagtailadmin_pages:edit", args=[dutch.pk])
    assert "its original is not published" not in publishing.get(edit).text
    minutes.unpublish()
    assert "its original is not published" in publishing.get(edit).text


def test_the_privacy_of_a_translation_is_told_to_be_its_sources(
    publishing: Client, minutes: StandardPage
) -> None:
    dutch = builders.made_from(minutes)
    admin(publishing, "set_privacy", minutes, restriction_type="login")
    told = privacy_dialog(publishing, dutch)
    assert "Privacy is inherited" in told
    assert reverse("wagtailadmin_pages:edit", args=[minutes.pk]) in told


def privacy_dialog(client: Client, page: StandardPage) -> str:
    address = reverse("wagtailadmin_pages:set_privacy", args=[page.pk])
    return str(client.get(address).json()["html"])


def test_the_privacy_dialog_says_for_which_languages_it_is(
    publishing: Client, minutes: StandardPage
) -> None:
    every, alone = "This holds in every language", "This holds in this language alone"
    assert every not in privacy_dialog(publishing, minutes)
    dutch = builders.made_from(minutes, title="Notulen")
    told = privacy_dialog(publishing, minutes)
    assert every in told
    assert "“Notulen” (Dutch)" in told
    assert alone in privacy_dialog(publishing, dutch)


def test_who_has_no_right_at_the_source_opens_and_closes_nothing_there(
    client: Client, editor: User, minutes: StandardPage
) -> None:
    builders.made_from(minutes)
    client.force_login(editor)
    address = reverse("wagtailadmin_pages:set_privacy", args=[minutes.pk])
    client.post(address, {"restriction_type": "login"})
    admin(client, "unpublish", minutes)
    minutes.refresh_from_db()
    assert minutes.live
    assert not PageViewRestriction.objects.exists()


@pytest.mark.parametrize("act", ["unpublish", "set_privacy"])
def test_the_right_at_the_source_closes_every_language_and_no_other_right_does(
    client: Client, minutes: StandardPage, act: str
) -> None:
    dutch, french = builders.made_from(minutes), builders.made_from(minutes, "fr")
    signed_in(client, minutes.get_parent(), "add", "change", "publish")
    admin(client, act, french, restriction_type="login")
    assert set(published(StandardPage)) == {minutes, dutch, french}
    admin(client, act, minutes, restriction_type="login")
    assert not published(StandardPage).exists()


def test_who_may_publish_a_translation_alone_closes_that_alone(
    client: Client, minutes: StandardPage
) -> None:
    dutch = builders.made_from(minutes)
    signed_in(client, dutch.get_parent(), "add", "change", "publish")
    admin(client, "unpublish", minutes)
    admin(client, "unpublish", dutch)
    assert set(published(StandardPage)) == {minutes}


def test_a_kept_page_is_dropped_when_its_source_closes(
    keeping: None, client: Client, minutes: StandardPage
) -> None:
    address = builders.made_from(minutes).url
    assert [client.get(address).status_code for _time in range(2)] == [HTTPStatus.OK] * 2
    minutes.unpublish()
    assert client.get(address).status_code == HTTPStatus.NOT_FOUND


def test_translating_anew_leaves_the_restrictions_of_the_translation(minutes: StandardPage) -> None:
    dutch = builders.made_from(minutes)
    translation = Translation.objects.get()
    restriction = PageViewRestriction.objects.create(page=dutch, restriction_type="login")
    translation.save_target(publish=False)
    assert list(PageViewRestriction.objects.all()) == [restriction]
    restriction.delete()
    PageViewRestriction.objects.create(page=minutes, restriction_type="login")
    translation.save_target(publish=False)
    assert not dutch.view_restrictions.exists()


def test_an_issue_is_not_prepared_while_its_original_is_not_published(
    client: Client, admin_of_all: User, home: NodePage
) -> None:
    client.force_login(admin_of_all)
    issue = builders.issue(home)
    builders.made_from(issue.get_parent().specific)
    dutch = builders.made_from(issue)
    prepare = reverse("newsletter_prepare", args=[dutch.pk])
    assert "is not published, and so closes" not in client.get(prepare).text
    issue.unpublish()
    assert "is not published, and so closes" in client.get(prepare).text


def test_mails_name_no_archive_that_is_closed(home: NodePage) -> None:
    builders.made_from(builders.archive(home))
    assert archive_address("nl")
    PageViewRestriction.objects.create(page=builders.archive(home), restriction_type="login")
    assert not archive_address("nl")

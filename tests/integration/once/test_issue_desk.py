"""An issue in its languages on one screen: what each waits for, and all sent at one time."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import GroupPagePermission, ModelLogEntry, Page
from wagtail_localize.models import StringTranslation, Translation

from newsletter.mailings import transitions
from newsletter.models import Mailing, NewsletterIssuePage
from pages.models import NodePage
from tests import builders
from tests.integration import four_languages as stage

State = Mailing.State


@pytest.fixture
def english(home: NodePage) -> NewsletterIssuePage:
    """Approved, on a site of two languages."""
    stage.two_homes(home)
    NodePage.objects.update(host_name="Cancer Registry", host_address="Rue Royale 215")
    return builders.issue(home)


@pytest.fixture
def dutch(english: NewsletterIssuePage, admin_of_all: User) -> NewsletterIssuePage:
    return stage.in_dutch(english, admin_of_all)


@pytest.fixture
def desk(client: Client, admin_of_all: User) -> Client:
    client.force_login(admin_of_all)
    return client


def address(issue: Page, act: str = "") -> str:
    return reverse("newsletter_issue", args=[issue.pk]) + (f"{act}/" if act else "")


def shown(desk: Client, issue: Page, act: str = "") -> str:
    return " ".join(desk.get(address(issue, act)).text.split())


def press(desk: Client, issue: Page, act: str, **typed: object) -> str:
    told: str = desk.post(address(issue, act), typed, follow=True).text
    return " ".join(told.split())


def column(page: str, language: str) -> str:
    return page.partition(f'id="language-{language}"')[2].partition("</section>")[0]


def prepared(desk: Client, issue: Page, *readers: str) -> dict[str, Mailing]:
    """In each language that is ready, for as many readers as are named."""
    for number, language in enumerate(readers):
        builders.subscriber(f"reader{number}@example.org", language=language)
    press(desk, issue, "prepare", topics=[builders.topic().pk])
    return {mailing.language: mailing for mailing in Mailing.objects.all()}


def seen(*mailings: Mailing) -> list[str]:
    return [f"{one.pk} {one.state} {one.scheduled_for}" for one in mailings]


# From the original to all languages


def test_an_issue_goes_from_its_original_to_sent_in_every_language(
    desk: Client, english: NewsletterIssuePage, admin_of_all: User
) -> None:
    assert "Begin the translation" in column(shown(desk, english), "nl")
    assert "Dutch: Begun" in press(desk, english, "begin", language="nl")
    translation = Translation.objects.get()
    dutch = english.get_translation(stage.dutch())
    for page in (english, dutch):
        told = column(shown(desk, page), "nl")
        assert "0 of 3 pieces" in told
        assert "nothing to mend" not in told
        assert reverse("wagtailadmin_pages:edit", args=[dutch.pk]) in told
    stage.translate(translation)
    assert "3 of 3 pieces" in column(shown(desk, english), "nl")
    assert "has been published" in press(desk, english, "publish", language="nl")
    told = column(shown(desk, english), "nl")
    assert "nothing to mend" in told
    assert reverse("newsletter_prepare", args=[dutch.pk]) in told

    mailings = prepared(desk, english, "en", "en", "nl")
    assert set(mailings) == {"en", "nl"}
    told = shown(desk, english, "send")
    assert "Together it goes to <strong>3</strong> people." in told
    assert "It goes to <strong>2</strong> people." in column(told, "en")
    assert "It goes to <strong>1</strong> person." in column(told, "nl")
    for _press in range(2):
        press(desk, english, "send", when="now", seen=seen(*mailings.values()))
    transitions.begin_what_is_due()
    assert {one.state for one in Mailing.objects.all()} == {State.SENDING}
    assert ModelLogEntry.objects.filter(action="newsletter.send").count() == 2
    assert "<dt>Sent</dt> <dd> 0 of 2 </dd>" in column(shown(desk, english), "en")


def test_who_writes_hands_in_and_who_approves_approves(
    client: Client, english: NewsletterIssuePage, admin_of_all: User
) -> None:
    cast = stage.cast()
    translation = stage.begun(english, admin_of_all)
    stage.translate(translation)
    for who, button, act, other in (
        ("translator", "Submit for approval", "submit", "approve"),
        ("publisher", "Approve", "approve", "submit"),
    ):
        client.force_login(cast[who])
        assert f">{button}</button>" in column(shown(client, english), "nl")
        assert "Somebody else was first" in press(client, english, other)
        press(client, english, act, language="nl")
    dutch = english.get_translation(stage.dutch())
    assert dutch.live
    assert not dutch.has_unpublished_changes


def test_what_has_an_open_piece_is_not_published(
    desk: Client, english: NewsletterIssuePage, admin_of_all: User
) -> None:
    stage.translate(stage.begun(english, admin_of_all))
    StringTranslation.objects.filter(context__path="subject").delete()
    assert "Translate</a>" in column(shown(desk, english), "nl")
    assert "Somebody else was first" in press(desk, english, "publish", language="nl")
    assert not english.get_translation(stage.dutch()).live


def test_all_that_wait_are_approved_at_one_press(
    desk: Client, english: NewsletterIssuePage, dutch: NewsletterIssuePage, editor: User
) -> None:
    for page in (english, dutch):
        page.title += " anew"
        page.save_revision()
        page.get_workflow().start(page, editor)
    assert "Approve all that wait (2)" in shown(desk, english)
    press(desk, english, "approve")
    for page in (english, dutch):
        page.refresh_from_db()
        assert not page.has_unpublished_changes


def test_an_original_that_changed_since_is_said(
    desk: Client, english: NewsletterIssuePage, dutch: NewsletterIssuePage
) -> None:
    english.save_revision().publish()
    assert "published anew since" in column(shown(desk, english), "nl")
    english.summary = "Not approved."
    english.save_revision()
    told = column(shown(desk, english), "en")
    assert "changed after it was approved" in told
    assert "Prepare the mailing" not in told


# Who may


@pytest.mark.parametrize("act", ["", "prepare", "send", "begin", "publish", "news"])
def test_who_has_nothing_to_do_with_it_is_refused_in_a_sentence(
    client: Client, english: NewsletterIssuePage, act: str
) -> None:
    client.force_login(stage.translator("en"))
    GroupPagePermission.objects.all().delete()
    ask = client.get if act in {"", "send"} else client.post
    answer = ask(address(english, act))
    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert "You may not" in answer.text or "This is for who" in answer.text
    assert not Translation.objects.exists()


def test_who_edits_sees_no_button_for_mailings(
    client: Client, desk: Client, english: NewsletterIssuePage, editor: User
) -> None:
    mailings = prepared(desk, english, "en")
    client.force_login(editor)
    told = shown(client, english)
    for button in ("Send it …", "Send all …", "Prepare", "newsletter/mailing/"):
        assert button not in told
    for act in ("send", "prepare"):
        assert client.post(address(english, act)).status_code == HTTPStatus.FORBIDDEN
    mailings["en"].refresh_from_db()
    assert mailings["en"].state == State.PREPARED


def test_a_manager_prepares_what_they_may_edit_alone(
    client: Client, english: NewsletterIssuePage, manager: User
) -> None:
    client.force_login(manager)
    told = press(client, english, "prepare", topics=[builders.topic().pk])
    assert "You may not edit" in told
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("act", ["junk", "begin", "send", "prepare", "news"])
def test_junk_is_no_error(desk: Client, english: NewsletterIssuePage, act: str) -> None:
    typed = {"language": ["xx", "\0"], "seen": ["", "x", f"{2**70} y"], "topics": ["x", "9" * 40]}
    answer = desk.post(address(english, act), typed, follow=True)
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert not Mailing.objects.exists()


# Before anything is frozen


def test_readers_are_counted_by_language_and_topic(
    desk: Client, english: NewsletterIssuePage, dutch: NewsletterIssuePage
) -> None:
    builders.topic("events")
    builders.subscriber("a@example.org", topics=["newsletter"])
    builders.subscriber("b@example.org", language="nl", topics=["newsletter", "events"])
    builders.subscriber("c@example.org", language="fr", topics=["events"])
    told = shown(desk, english)
    assert "Newsletter (English 1, Dutch 1)" in told
    assert "Events (English 0, Dutch 1)" in told
    assert "The 1 person who reads it gets nothing" in column(told, "fr")
    alone = desk.get(reverse("newsletter_prepare", args=[english.pk])).text
    assert "Newsletter (1 reader)" in alone


def test_the_topics_of_the_mailing_before_are_ticked(
    desk: Client, home: NodePage, english: NewsletterIssuePage
) -> None:
    builders.topic("events")
    builders.mailing(builders.issue(home, "Before")).topics.add(builders.topic())
    ticked = [line for line in desk.get(address(english)).text.split("<label") if "checked" in line]
    assert len(ticked) == 1
    assert "Newsletter (" in ticked[0]


def test_each_language_with_something_to_mend_is_left_out(
    desk: Client, english: NewsletterIssuePage, dutch: NewsletterIssuePage
) -> None:
    NodePage.objects.filter(locale=stage.dutch()).update(host_name="")
    told = column(shown(desk, english), "nl")
    assert "1 thing to mend" in told
    assert "Mend</a>" in told
    assert set(prepared(desk, english)) == {"en"}


def test_what_shows_only_in_the_making_is_said_of_each_language(
    desk: Client, home: NodePage, english: NewsletterIssuePage
) -> None:
    lost = builders.picture("The blue freezer")
    value = {"image": {"image": lost.pk, "alt_text": "Cold", "decorative": False}, "caption": ""}
    pictured = builders.issue(home, "Pictured", body=[{"type": "picture", "value": value}])
    for rendition in lost.renditions.all():
        Path(rendition.file.path).unlink()
    Path(lost.file.path).write_bytes(b"no picture")
    told = press(desk, pictured, "prepare", topics=[builders.topic().pk])
    assert "English: Block 1 (Picture): the file of the picture “The blue freezer”" in told
    assert not Mailing.objects.exists()


def test_the_screen_costs_the_same_for_few_and_many(
    desk: Client,
    english: NewsletterIssuePage,
    dutch: NewsletterIssuePage,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    builders.crowd(20)
    prepared(desk, english)
    transitions.begin(Mailing.objects.get(language="en"))
    with django_assert_max_num_queries(60):
        desk.get(address(english))


# Sent together


def test_readers_of_a_language_without_a_mailing_are_told_of(
    desk: Client, english: NewsletterIssuePage
) -> None:
    mailings = prepared(desk, english, "en", "nl", "nl")
    told = shown(desk, english, "send")
    assert "Their readers get nothing now:</p> <ul> <li>Dutch: 2</li> </ul>" in told
    at = timezone.localtime(timezone.now() + timedelta(days=1)).replace(second=0, microsecond=0)
    typed = {"when": "later", "scheduled_for": f"{at:%Y-%m-%d %H:%M}"}
    press(desk, english, "send", seen=seen(mailings["en"]), **typed)
    mailings["en"].refresh_from_db()
    assert mailings["en"].scheduled_for == at


def test_what_changed_meanwhile_is_left_out_and_said(
    desk: Client, english: NewsletterIssuePage, dutch: NewsletterIssuePage
) -> None:
    mailings = prepared(desk, english, "en", "nl")
    looked = seen(*mailings.values())
    tomorrow = timezone.now() + timedelta(days=1)
    transitions.schedule(mailings["nl"], tomorrow, tomorrow + timedelta(hours=1))
    told = press(desk, english, "send", when="now", seen=looked)
    assert "Dutch: Somebody else was first" in told
    assert "English: it goes out." in told
    for mailing in mailings.values():
        mailing.refresh_from_db()
    assert mailings["nl"].scheduled_for == tomorrow
    assert mailings["en"].state == State.SCHEDULED


def test_a_language_that_nobody_would_get_does_not_hold_up_the_others(
    desk: Client, english: NewsletterIssuePage, dutch: NewsletterIssuePage
) -> None:
    mailings = prepared(desk, english, "en")
    told = press(desk, english, "send", when="now", seen=seen(*mailings.values()))
    assert "Dutch: not sent, for nobody would get it." in told
    states = dict(Mailing.objects.values_list("language", "state"))
    assert states == {"en": State.SCHEDULED, "nl": State.PREPARED}


def test_where_nothing_waits_to_be_sent_it_is_said(
    desk: Client, english: NewsletterIssuePage
) -> None:
    told = desk.get(address(english, "send"), follow=True).text
    assert "No mailing of this issue waits to be sent." in told


# The way there


def test_the_first_screen_and_the_list_lead_to_it(
    client: Client, english: NewsletterIssuePage, dutch: NewsletterIssuePage, editor: User
) -> None:
    client.force_login(editor)
    listing = reverse("wagtailadmin_explore", args=[english.get_parent().pk])
    edit = reverse("wagtailadmin_pages:edit", args=[english.pk])
    home = client.get(reverse("wagtailadmin_home")).text
    assert sum(address(page) in home for page in (english, dutch)) == 1
    for screen in (listing, edit):
        assert address(english) in client.get(screen).text
    for page in (english, dutch):
        builders.begun(page)
    assert address(english) not in client.get(reverse("wagtailadmin_home")).text

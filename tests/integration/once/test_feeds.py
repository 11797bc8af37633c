"""News and events for other programs, read by libraries that did not write them."""

from datetime import UTC, date, datetime, timedelta

import feedparser
import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from members.models import BiobanksPage
from newsletter.models import NewsletterIndexPage
from pages.models import EventPage, EventsIndexPage, NewsIndexPage, NewsPage, NodePage
from tests import builders
from tests.integration.once.test_structured_data import things


def feed_of(browser: Client, language: str = "en") -> feedparser.FeedParserDict:
    response = browser.get(f"/{language}/news/feed/")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


def test_the_feed_has_the_news_newest_first(
    client: Client, home: NodePage, settings: Settings
) -> None:
    builders.news(home, "Older", date=date(2026, 1, 1))
    builders.news(home, "Newer & better", date=date(2026, 5, 1), summary="<b>Bold</b>")
    feed = feed_of(client)
    assert [entry.title for entry in feed.entries] == ["Newer & better", "Older"]
    assert feed.entries[0].link == f"{settings.SITE_URL}/en/news/newer-better/"
    assert feed.entries[0].published_parsed[:3] == (2026, 4, 30)  # midnight in Brussels, in UTC
    assert feed.feed.language == "en"


def test_an_entry_keeps_its_id_when_its_address_changes(client: Client, home: NodePage) -> None:
    page = builders.news(home, "First")
    before = feed_of(client).entries[0].id
    page.slug, page.title = "second", "Second"
    page.save_revision().publish()
    assert feed_of(client).entries[0].id == before


def test_the_list_of_news_leads_to_its_feed(client: Client, home: NodePage) -> None:
    builders.news(home)
    assert '<a href="/en/news/feed/">' in client.get("/en/news/").text


def test_a_feed_without_news_is_empty_and_valid(client: Client, home: NodePage) -> None:
    builders.index_of(home, NewsIndexPage)
    assert feed_of(client).entries == []


def test_a_language_without_news_pages_has_no_feed(client: Client, home: NodePage) -> None:
    assert client.get("/en/news/feed/").status_code == 404
    assert client.get("/nl/news/feed/").status_code == 404
    assert client.get("/en/events/feed.ics").status_code == 404


def calendar_of(browser: Client, address: str) -> icalendar.Calendar:
    response = browser.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/calendar")
    return icalendar.Calendar.from_ical(response.content)


def test_the_calendar_has_what_is_to_come(client: Client, home: NodePage) -> None:
    builders.event(home, "Soon", in_days=2)
    builders.event(home, "Gone", in_days=-2)
    events = calendar_of(client, "/en/events/feed.ics").walk("VEVENT")
    assert [event["SUMMARY"] for event in events] == ["Soon"]


def test_a_calendar_without_events_is_empty_and_valid(client: Client, home: NodePage) -> None:
    builders.index_of(home, EventsIndexPage)
    assert calendar_of(client, "/en/events/feed.ics").walk("VEVENT") == []


def test_an_event_tells_its_time_in_its_zone(client: Client, home: NodePage) -> None:
    start = datetime(2026, 12, 1, 9, tzinfo=UTC)
    page = builders.event(
        home, "Course", start=start, end=start + timedelta(hours=3), place="Ghent"
    )
    calendar = calendar_of(client, f"/en/events/{page.slug}.ics")
    event = calendar.events[0]
    assert event["DTSTART"].params["TZID"] == "Europe/Brussels"
    assert event.start == start
    assert f"{event.start:%H:%M}" == "10:00"
    assert event["LOCATION"] == "Ghent"
    assert str(event["URL"]).endswith(page.url)
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == ["Europe/Brussels"]


def test_an_event_keeps_its_uid_when_it_changes(client: Client, home: NodePage) -> None:
    page = builders.event(home, "Course")
    before = calendar_of(client, f"/en/events/{page.slug}.ics").walk("VEVENT")[0]["UID"]
    page.title, page.slug = "Longer course", "longer-course"
    page.save_revision().publish()
    assert calendar_of(client, "/en/events/longer-course.ics").walk("VEVENT")[0]["UID"] == before


@pytest.mark.parametrize("slug", ["nothing", "x" * 300])
def test_an_event_that_is_not_there_has_no_calendar(
    client: Client, home: NodePage, slug: str
) -> None:
    assert client.get(f"/en/events/{slug}.ics").status_code == 404


def test_line_breaks_in_words_add_no_property(client: Client, home: NodePage) -> None:
    page = builders.event(home, "Course", place="Ghent\r\nATTENDEE:mailto:x@example.org")
    event = calendar_of(client, f"/en/events/{page.slug}.ics").walk("VEVENT")[0]
    assert "ATTENDEE" not in event


CONTROLS, TURNS = [*range(1, 9), *range(14, 32), *range(127, 160)], range(0x202A, 0x202F)
UNSEEN = "".join(map(chr, [*CONTROLS, *TURNS, 0xFFFE, 0xFFFF]))


def test_signs_that_nobody_sees_are_dropped_when_a_page_is_saved(
    publishing: Client, home: NodePage
) -> None:
    index = builders.index_of(home, NewsIndexPage)
    typed = {
        "title": f"Meet{UNSEEN}ing\x0bof all é 試 🧪",
        "summary": "W\x02ords",
        "slug": "meeting",
        "date": "2026-01-01",
        "body-count": "0",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
    }
    publishing.post(reverse("wagtailadmin_pages:add", args=["pages", "newspage", index.pk]), typed)
    page = NewsPage.objects.get(live=True)
    assert (page.title, page.summary) == ("Meeting of all é 試 🧪", "Words")
    assert page.draft_title == page.title
    assert feed_of(publishing).entries[0].title == page.title


def test_a_title_of_nothing_to_be_seen_is_none(publishing: Client, home: NodePage) -> None:
    index = builders.index_of(home, NewsIndexPage)
    address = reverse("wagtailadmin_pages:add", args=["pages", "newspage", index.pk])
    typed = {"title": UNSEEN, "slug": "a", "date": "2026-01-01", "body-count": "0"}
    comments = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    publishing.post(address, typed | comments | {"action-publish": "1"})
    assert not NewsPage.objects.exists()


def test_a_page_that_has_them_from_before_spoils_no_feed(client: Client, home: NodePage) -> None:
    news, event = builders.news(home), builders.event(home, place="Ghent")
    unseen = {"title": f"Old{UNSEEN}", "summary": f"Words{UNSEEN}"}
    for page in (news, event, news.get_parent().specific):
        type(page).objects.filter(pk=page.pk).update(**unseen)
    EventPage.objects.update(place=f"Ghent{UNSEEN}")
    feed = feed_of(client)
    assert (feed.entries[0].title, feed.entries[0].summary) == ("Old", "Words")
    said = calendar_of(client, f"/en/events/{event.slug}.ics").walk("VEVENT")[0]
    assert [said["SUMMARY"], said["DESCRIPTION"], said["LOCATION"]] == ["Old", "Words", "Ghent"]
    for address in [news.url, event.url, "/en/news/", "/sitemap-events.xml"]:
        assert client.get(address).status_code == 200


def test_a_feed_costs_the_same_for_one_and_for_twelve(
    client: Client, home: NodePage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        builders.news(home, f"News {number}")
        builders.event(home, f"Event {number}")
    client.get("/en/news/feed/")  # reads what is kept for every page until something changes
    for address in ["/en/news/feed/", "/en/events/feed.ics"]:
        with django_assert_max_num_queries(6):
            client.get(address)


def test_whole_days_end_on_the_day_after(client: Client, home: NodePage) -> None:
    midnight = datetime(2027, 11, 25, 23, tzinfo=UTC)  # in Brussels
    days = builders.event(home, "Congress", start=midnight, end=midnight + timedelta(days=1))
    builders.event(home, "Open day", start=midnight, end=None)
    told = client.get("/en/events/feed.ics").text.splitlines()
    assert told.count("DTSTART;VALUE=DATE:20271126") == 2
    assert {line for line in told if line.startswith("DTEND")} == {
        "DTEND;VALUE=DATE:20271128", "DTEND;VALUE=DATE:20271127",
    }  # fmt: skip
    assert things(client, days.url)["Event"]["endDate"] == "2027-11-27"


@pytest.mark.parametrize(
    ("state", "status", "for_machines"),
    [
        ("", "CONFIRMED", "EventScheduled"),
        ("cancelled", "CANCELLED", "EventCancelled"),
        ("postponed", "TENTATIVE", "EventPostponed"),
        ("moved-online", "CONFIRMED", "EventMovedOnline"),
    ],
)
def test_calendars_learn_what_became_of_an_event(
    client: Client, home: NodePage, state: str, status: str, for_machines: str
) -> None:
    page = builders.event(home, "Course", place="Ghent")
    before = calendar_of(client, f"/en/events/{page.slug}.ics").events[0]
    EventPage.objects.update(first_published_at=datetime(2026, 1, 1, tzinfo=UTC))
    page.refresh_from_db()
    page.state = state
    page.save_revision().publish()
    after = calendar_of(client, f"/en/events/{page.slug}.ics").events[0]
    assert (after["UID"], after["STATUS"]) == (before["UID"], status)
    assert int(str(after["SEQUENCE"])) > int(str(before["SEQUENCE"]))
    assert after["SUMMARY"] == (f"{page.get_state_display()}: Course" if state else "Course")
    assert after["LOCATION"] == ("Ghent" if state != "moved-online" else after["URL"])
    told = things(client, page.url)["Event"]
    assert told["eventStatus"] == f"https://schema.org/{for_machines}"
    assert told["location"][0]["@type"] == ("VirtualLocation" if "online" in state else "Place")


def test_zones_stand_in_the_same_order_in_every_process(client: Client, home: NodePage) -> None:
    zones = ["Asia/Tokyo", "Europe/Lisbon", "Africa/Cairo", "America/New_York"]
    for zone in zones:
        builders.event(home, zone, time_zone=zone)
    calendar = calendar_of(client, "/en/events/feed.ics")
    assert [zone["TZID"] for zone in calendar.walk("VTIMEZONE")] == sorted(zones)


@pytest.mark.parametrize("path", ["news/feed/", "events/feed.ics", "newsletter/issues/feed/"])
def test_what_is_empty_is_valid_and_keeps_still(client: Client, home: NodePage, path: str) -> None:
    for index in (NewsIndexPage, EventsIndexPage):
        builders.index_of(home, index)
    builders.archive(home)
    for kind in (NewsIndexPage, NewsletterIndexPage):
        kind.objects.update(last_published_at=datetime(2026, 1, 2, tzinfo=UTC))
    answer = client.get(f"/en/{path}")
    if path.endswith(".ics"):
        assert [zone["TZID"] for zone in calendar_of(client, f"/en/{path}").walk("VTIMEZONE")]
    else:
        assert "<updated>2026-01-02T00:00:00+00:00</updated>" in answer.text
        assert "<author><name>BBMRI.be</name></author>" in answer.text
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/en/{path}", headers=tag).status_code == 304


READ = ["en/news/feed/", "en/events/feed.ics", "en/biobanks.csv", "en/biobanks.json",
        "catalogue.jsonld", "sitemap.xml", "robots.txt"]  # fmt: skip


@pytest.mark.parametrize("path", READ)
def test_what_is_read_answers_every_method(home: NodePage, path: str) -> None:
    for kind in (NewsIndexPage, EventsIndexPage, BiobanksPage):
        builders.index_of(home, kind)
    client = Client(enforce_csrf_checks=True)
    shown, head = client.get(f"/{path}"), client.head(f"/{path}")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == shown.headers["Content-Type"]
    options = client.options(f"/{path}")
    assert (options.status_code, options.headers["Allow"]) == (200, "GET, HEAD, OPTIONS")
    for refused in (client.post(f"/{path}"), client.put(f"/{path}"), client.delete(f"/{path}")):
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")

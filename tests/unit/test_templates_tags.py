"""What templates make of words, links and rows."""

from datetime import date, datetime

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.safestring import mark_safe
from django.utils.translation import override
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction

from pages.models import NodePage, SiteIdentity
from pages.templatetags.site_tags import breakable, day, initials, moment, prose, raised
from tests import builders


def test_a_link_to_another_site_says_so() -> None:
    assert prose('<p>See <a href="https://bbmri-eric.eu">BBMRI-ERIC</a>.</p>') == (
        '<p>See <a class="away" href="https://bbmri-eric.eu">BBMRI-ERIC'
        '<span class="visually-hidden"> (other site)</span></a>.</p>'
    )


@pytest.mark.parametrize("link", ["/en/goals/", "mailto:node@bbmri.example", "#top"])
def test_a_link_that_stays_here_is_left_alone(link: str) -> None:
    html = f'<p><a href="{link}">There</a></p>'
    assert html in prose(html)


def test_headings_rise_by_one_level_and_nothing_else_changes() -> None:
    html = mark_safe("<h3>Why</h3><p>h3 and <b>h4</b></p><h4>How</h4>")
    assert raised(html) == "<h2>Why</h2><p>h3 and <b>h4</b></p><h3>How</h3>"


@pytest.mark.parametrize(
    ("name", "letters"), [("Ada Peeters", "AP"), ("Ada van den Berg", "AB"), ("Ada", "A"), ("", "")]
)
def test_initials_are_of_the_first_and_the_last_name(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_day_is_written_out_and_a_missing_one_is_nothing() -> None:
    assert day(date(2026, 3, 1)) == "1 March 2026"
    assert day(None) == ""


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "1 March 2026, 09:05"), ("nl", "1 maart 2026, 09:05"), ("de", "1. März 2026, 09:05")],
)
def test_a_moment_is_a_day_as_the_language_writes_it_and_a_time(
    language: str, written: str
) -> None:
    with override(language):
        assert moment(datetime(2026, 3, 1, 9, 5)) == written  # noqa: DTZ001  as a template has it
    assert moment(None) == ""


def test_a_mailbox_breaks_before_its_at_sign_and_stays_text() -> None:
    assert breakable("<b>@bbmri.example") == "&lt;b&gt;<wbr>@bbmri.example"


def test_headings_of_a_body_follow_each_other(client: Client, home: NodePage) -> None:
    early, late = builders.body("x</p><h3>Early</h3><p>x", "x</p><h3>Late</h3><p>x")
    heading = {"type": "heading", "value": "A part"}
    builders.text_page(home, "Levels", body=[early, heading, late])
    shown = client.get("/en/levels/").text
    assert "<h2>Early</h2>" in shown
    assert "<h2>A part</h2>" in shown
    assert "<h3>Late</h3>" in shown


def test_a_title_cannot_end_the_data_for_machines(client: Client, home: NodePage) -> None:
    builders.text_page(home, "Odd", seo_title="", summary="</script><b>")
    builders.news(home, "</script><b>loud</b>")
    for address in ("/en/odd/", "/en/news/scriptbloudb/"):
        shown = client.get(address).text
        assert shown.count("</script>") == 2, "the data and the script"
        assert "<b>" not in shown


def menu(identity: SiteIdentity, **links: int) -> None:
    entries = [{"label": label, "page": page, "url": ""} for label, page in links.items()]
    identity.header_menu = [{"type": "link", "value": entry} for entry in entries]
    identity.save()


def test_the_menu_marks_where_the_reader_is_and_hides_a_draft(
    client: Client, home: NodePage
) -> None:
    article = builders.news(home)
    draft = builders.text_page(home, "Later")
    draft.unpublish()
    menu(SiteIdentity.objects.get(), News=article.get_parent().pk, Later=draft.pk, Start=home.pk)
    on_list, on_article = client.get("/en/news/").text, client.get(article.url).text
    assert '<a href="/en/news/" aria-current="page">News</a>' in on_list
    assert '<a href="/en/news/" aria-current="true">News</a>' in on_article
    assert '<a href="/en/">Start</a>' in on_article
    assert "Later" not in on_list


def test_a_block_of_people_shows_whom_visitors_may_see_with_their_roles_of_today(
    client: Client, home: NodePage
) -> None:
    here, gone = builders.person(home, "Ada Here"), builders.person(home, "Ben Gone")
    builders.role(here, title="Chair")
    builders.role(here, title="Former chair", has_ended=True)
    builders.text_page(home, "Team", body=[{"type": "people", "value": [gone.pk, here.pk]}])
    gone.unpublish()
    shown = client.get("/en/team/").text
    assert "Ada Here" in shown
    assert "<p>Chair</p>" in shown
    assert "Former chair" not in shown
    assert "Ben Gone" not in shown


def test_a_document_in_a_closed_collection_is_not_listed(client: Client, home: NodePage) -> None:
    closed = Collection.get_first_root_node().add_child(name="Board")
    CollectionViewRestriction.objects.create(
        collection=closed, restriction_type=CollectionViewRestriction.LOGIN
    )
    keys = [
        get_document_model()
        .objects.create(title=title, file=ContentFile(b"x", "x.txt"), collection=collection)
        .pk
        for title, collection in {
            "Open minutes": Collection.get_first_root_node(),
            "Closed minutes": closed,
        }.items()
    ]
    builders.text_page(home, "Papers", body=[{"type": "downloads", "value": keys}])
    shown = client.get("/en/papers/").text
    assert "Open minutes" in shown
    assert "TXT" in shown
    assert "Closed minutes" not in shown


def test_the_editors_bar_is_for_editors(client: Client, home: NodePage, publisher: User) -> None:
    assert "wagtail-userbar" not in client.get("/en/").text
    client.force_login(publisher)
    assert "wagtail-userbar" in client.get("/en/").text


@pytest.mark.parametrize(
    ("asked", "one_address"),
    [("/en/news/", "/en/news/"), ("/en/news/?page=1&utm=x", "/en/news/")],
)
def test_a_page_names_its_one_address(
    client: Client, home: NodePage, asked: str, one_address: str
) -> None:
    builders.news(home)
    link = f'<link rel="canonical" href="http://127.0.0.1:8000{one_address}">'
    assert link in client.get(asked).text

"""Every kind of page renders, previews when blank, can be edited, and costs few queries."""

import re
from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data

from members.finder.catalogue import catalogue
from pages.blocks.content import NetworkChooserBlock, NetworksBlock
from pages.models import NodePage
from tests import builders

HOME_QUERIES = 16
PAGE_QUERIES = 15


def sent_issue(home: NodePage) -> Page:
    page = builders.issue(home)
    builders.begun(page)
    return page


def with_role(home: NodePage) -> Page:
    someone = builders.person(home)
    builders.role(someone)
    return someone


ONE_OF_EACH: dict[str, Callable[[NodePage], Page]] = {
    "pages.NodePage": lambda home: home,
    "pages.GoalsPage": lambda home: builders.goals(home, "Advise", "Teach"),
    "pages.PeoplePage": lambda home: with_role(home).get_parent().specific,
    "pages.PersonPage": with_role,
    "members.NetworksPage": lambda home: builders.network(home).get_parent().specific,
    "members.NetworkPage": builders.network,
    "newsletter.NewsletterIndexPage": lambda home: sent_issue(home).get_parent().specific,
    "newsletter.NewsletterIssuePage": sent_issue,
    "members.BiobanksPage": builders.finder,
    "pages.NewsIndexPage": lambda home: builders.news(home).get_parent().specific,
    "pages.NewsPage": builders.news,
    "pages.EventsIndexPage": lambda home: builders.event(home).get_parent().specific,
    "pages.EventPage": builders.event,
    "pages.StandardPage": lambda home: builders.text_page(home, body=builders.body("Words")),
    "pages.FaqPage": builders.faq,
    "pages.LegalPage": builders.legal,
}
KINDS = pytest.mark.parametrize("kind", ONE_OF_EACH)


def test_no_kind_of_page_is_left_out() -> None:
    ours = {
        model._meta.label
        for model in apps.get_models()
        if issubclass(model, Page) and model._meta.app_label in {"pages", "members", "newsletter"}
    }
    assert ours == set(ONE_OF_EACH)


@KINDS
def test_a_page_renders_with_one_h1_and_no_cookie(
    client: Client, home: NodePage, kind: str
) -> None:
    page = ONE_OF_EACH[kind](home)
    response = client.get(page.url)
    assert response.status_code == 200
    assert response.text.count("<h1") == 1
    assert not response.cookies
    assert "style=" not in response.text, "the content policy stops inline styles"


@KINDS
def test_a_page_can_be_opened_in_the_editor(publishing: Client, home: NodePage, kind: str) -> None:
    page = ONE_OF_EACH[kind](home)
    assert publishing.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200


@KINDS
def test_a_blank_draft_can_be_previewed(publishing: Client, home: NodePage, kind: str) -> None:
    model = apps.get_model(kind)
    parent = ONE_OF_EACH[kind](home).get_parent()
    page = model(title="", slug="", locale=home.locale)
    page.set_url_path(parent)
    page.path, page.depth = parent.path + "ZZZZ", parent.depth + 1
    request_of = page.make_preview_request
    for mode, _label in page.preview_modes:
        response = request_of(preview_mode=mode)
        assert response.status_code == 200, mode


def test_an_editors_preview_panel_shows_what_is_typed(publishing: Client, home: NodePage) -> None:
    page = builders.text_page(home)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    typed = nested_form_data(
        {"title": "Typed just now", "slug": page.slug, "summary": "", "body": {"count": 0}}
    )
    typed |= {"body-count": "0", "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    assert publishing.post(address, typed).json()["is_valid"]
    assert "Typed just now" in publishing.get(address).text


@KINDS
def test_a_page_costs_a_bounded_number_of_queries(
    client: Client, home: NodePage, kind: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page = ONE_OF_EACH[kind](home)
    client.get("/en/display-settings/")  # the process has answered before
    with django_assert_max_num_queries(HOME_QUERIES if kind == "pages.NodePage" else PAGE_QUERIES):
        client.get(page.url)


def test_the_home_lists_what_has_been_published_since_it_was_asked_for(
    client: Client, home: NodePage
) -> None:
    client.get("/en/")
    builders.goals(home, "Advise on samples")
    builders.role(builders.person(home, "Ada Lovelace"))
    builders.network(home, "Network of the north")
    builders.news(home, "A freezer for Ghent")
    text = client.get("/en/").text
    assert "Advise on samples" in text
    assert "Ada Lovelace" in text
    assert "Network of the north" in text
    assert "A freezer for Ghent" in text


def test_the_queries_of_a_full_site_do_not_grow_with_its_rows(
    client: Client, home: NodePage, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    builders.goals(home, "Advise")
    for number in range(6):
        builders.role(builders.person(home, f"Person {number}", photo=builders.picture()))
        builders.network(home, f"Network {number}", logo=builders.picture())
        builders.news(home, f"News {number}", picture=builders.picture())
        builders.event(home, f"Event {number}")
        builders.event(home, f"Past {number}", in_days=-9)
    client.get("/en/display-settings/")  # the process has answered before
    catalogue(timezone.localdate())  # and knows the biobanks: no publishing makes it forget them
    with django_assert_max_num_queries(HOME_QUERIES):
        client.get("/en/")
    for address in [
        "people/",
        "people/person-1/",
        "networks/",
        "networks/network-1/",
        "news/",
        "events/",
        "events/past/",
    ]:
        with django_assert_max_num_queries(PAGE_QUERIES):
            assert client.get(f"/en/{address}").status_code == 200, address


def test_an_absurd_page_number_is_not_found(client: Client, home: NodePage) -> None:
    builders.news(home)
    builders.event(home)
    for address in ["/en/news/", "/en/events/", "/en/events/past/"]:
        for number in ["0", "2", "-1", "x", "9" * 30]:
            assert client.get(address, {"page": number}).status_code == 404, (address, number)


def test_a_changed_slug_redirects_its_old_address(
    home: NodePage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    page = builders.text_page(home, "First name")
    page.slug = "second-name"
    with django_capture_on_commit_callbacks(execute=True):
        page.save_revision().publish()
    response = Client().get("/en/first-name/")
    assert response.status_code == 301
    assert response.headers["Location"] == "/en/second-name/"


def test_an_editor_submits_and_cannot_publish(
    client: Client, home: NodePage, editor: User, stranger: User
) -> None:
    page = builders.text_page(home)
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    client.force_login(editor)
    assert "action-publish" not in client.get(address).text
    client.force_login(stranger)
    assert client.get(address).status_code in {302, 403}


@pytest.mark.parametrize(("kind", "slug"), [("NewsIndexPage", "feed"), ("EventsIndexPage", "past")])
def test_an_address_of_the_site_itself_is_refused_to_a_page(
    publishing: Client, home: NodePage, kind: str, slug: str
) -> None:
    parent = builders.index_of(home, apps.get_model("pages", kind))
    child = parent.specific.subpage_types[0].split(".")[1].lower()
    address = reverse("wagtailadmin_pages:add", args=["pages", child, parent.pk])
    typed = {"title": "A", "slug": slug, "body-count": "0", "action-publish": "1"}
    typed |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    assert "taken by the site itself" in publishing.post(address, typed, follow=True).text
    assert not parent.get_children().exists()


def test_the_newsletters_own_addresses_are_refused_to_a_page(
    publishing: Client, home: NodePage
) -> None:
    address = reverse("wagtailadmin_pages:add", args=["pages", "standardpage", home.pk])
    typed = {"title": "A", "slug": "newsletter", "body-count": "0", "action-publish": "1"}
    typed |= {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    assert "taken by the site itself" in publishing.post(address, typed, follow=True).text


def test_below_the_home_stands_each_type_that_names_it_as_its_parent() -> None:
    offered = {model._meta.label for model in NodePage.creatable_subpage_models()}
    assert offered == {
        *("members.BiobanksPage", "members.NetworksPage", "newsletter.NewsletterIndexPage"),
        *("pages.EventsIndexPage", "pages.FaqPage", "pages.GoalsPage", "pages.LegalPage"),
        *("pages.NewsIndexPage", "pages.PeoplePage", "pages.StandardPage"),
    }


def test_the_networks_block_offers_networks_alone() -> None:
    child = NetworksBlock().child_block
    assert isinstance(child, NetworkChooserBlock)
    assert [model._meta.label for model in child.target_models] == ["members.NetworkPage"]


def test_a_name_in_another_language_is_marked(client: Client, home: NodePage) -> None:
    name = "Biothèque de Wallonie"
    builders.network(home, name, own_name=name, own_language="fr")
    assert f'<h1 lang="fr">{name}</h1>' in client.get("/en/networks/biotheque-de-wallonie/").text
    assert re.search(rf'<a href="[^"]*" lang="fr">{name}</a>', client.get("/en/networks/").text)


def test_people_stand_in_the_editors_order(client: Client, home: NodePage) -> None:
    first, second = builders.person(home, "Zoë Adam"), builders.person(home, "Ada Wolf")
    builders.role(second, sort_order=0)
    builders.role(first, sort_order=5)
    markup = client.get("/en/people/").text
    assert markup.index("Zoë Adam") < markup.index("Ada Wolf")


def test_visitors_find_no_second_way_to_sign_in(client: Client, home: NodePage) -> None:
    response = client.get("/en/_util/login/")
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/login/")
    assert not response.cookies

"""Choosers, acts on many and the admin's API show what is published or one's own work, no more."""

import re
from copy import deepcopy
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import Collection, GroupPagePermission, Page, PageViewRestriction

from pages.models import NodePage, Picture, SiteIdentity
from tests import builders
from tests.integration import four_languages as stage

HIDDEN = ("Zebra draft", "Zebra scheduled", "Zebra private", "Zebra child", "Zebra unsent")
NEITHER = ["outsider", "local_writer", "manager", "translator"]
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.FOUND}


@pytest.fixture(scope="module")
def made(module_db: Path) -> NodePage:
    home = builders.home()
    builders.text_page(home, "Zebra public")
    builders.text_page(home, "Zebra draft").unpublish()
    later = timezone.now() + timedelta(days=1)
    builders.text_page(home, "Zebra scheduled", go_live_at=later)
    private = builders.text_page(home, "Zebra private")
    builders.below(private, type(private), "Zebra child")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    builders.issue(home, "Zebra unsent")
    closed = Collection.get_first_root_node().add_child(name="Closed")
    Picture.objects.filter(pk=builders.picture("Zebra picture").pk).update(collection=closed)
    file = ContentFile(b"%PDF", name="zebra.pdf")
    Document.objects.create(title="Zebra document", file=file, collection=closed)
    return home


@pytest.fixture
def zebras(db: None, made: NodePage) -> NodePage:
    """Pages in every state that visitors do not see, one that they do, files of a closed set."""
    return deepcopy(made)


@pytest.fixture
def outsider(db: None) -> User:
    """May enter the admin and has no right at all."""
    user = User.objects.create_user("outsider", password="a long password")  # noqa: S106  nobody's
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


@pytest.fixture
def translator(zebras: NodePage) -> User:
    """Writes in Dutch, and begins translations."""
    builders.made_from(zebras)
    return stage.translator()


@pytest.fixture
def local_writer(zebras: NodePage) -> User:
    """Writes below one public page, and nowhere else."""
    user = User.objects.create_user("local", password="a long password")  # noqa: S106  nobody's
    group = Group.objects.create(name="Local writers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    page = Page.objects.get(title="Zebra public")
    may = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=page, permission=may)
    user.groups.add(group)
    return user


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ids(*titles: str) -> list[int]:
    return list(Page.objects.filter(title__in=titles).values_list("pk", flat=True))


def addresses(home: NodePage) -> list[str]:
    """Every address that may name a page, by its id or its words."""
    query = "&".join(f"id={pk}" for pk in ids(*HIDDEN))
    picture, document = Picture.objects.get().pk, Document.objects.get().pk
    bulk = [f"page/{act}/?{query}" for act in ("delete", "move", "publish", "unpublish")]
    every = [f"page/delete/?id=all&childOf={pk}" for pk in (home.pk, 1)]
    each = [
        address
        for pk in ids(*HIDDEN)
        for address in (
            f"choose-page/{pk}/",
            f"pages/{pk}/move/{pk}/confirm/",
            f"pages/{pk}/move/{home.pk}/confirm/",
            f"pages/{ids('Zebra public')[0]}/move/{pk}/confirm/",
            f"api/main/pages/{pk}/",
        )
    ]
    return [
        "choose-page/search/?q=zebra",
        "choose-page/",
        f"choose-page/{home.pk}/",
        f"choose-page/chosen-multiple/?{query}",
        *(f"bulk/wagtailcore/{at}" for at in (*bulk, *every, "page/delete/?id=all&q=zebra")),
        f"bulk/pages/picture/delete/?id={picture}",
        "bulk/pages/picture/delete/?id=all",
        f"bulk/wagtaildocs/document/delete/?id={document}",
        *each,
        *(f"api/main/{kind}/" for kind in ("pages", "images", "documents")),
        f"api/main/pages/?child_of={home.pk}&for_explorer=1",
        f"api/main/images/{picture}/",
        f"api/main/documents/{document}/",
        "images/chooser/",
        "documents/chooser/",
        f"images/chooser/{picture}/",
        f"documents/chooser/{document}/",
    ]


@pytest.mark.parametrize("who", NEITHER)
def test_no_screen_names_what_the_person_may_not_see(
    zebras: NodePage, who: str, request: pytest.FixtureRequest
) -> None:
    client = browser(request.getfixturevalue(who))
    for address in addresses(zebras):
        answer = client.get(f"/admin/{address}")
        assert answer.status_code < 500, address
        for title in (*HIDDEN, "Zebra picture", "Zebra document"):
            assert title not in answer.text, (address, title)


@pytest.mark.parametrize("who", NEITHER)
def test_no_act_on_many_reaches_what_the_person_may_not_see(
    zebras: NodePage, who: str, request: pytest.FixtureRequest
) -> None:
    client = browser(request.getfixturevalue(who))
    query = "&".join(f"id={pk}" for pk in ids(*HIDDEN))
    for act in ("delete", "publish", "unpublish", "move"):
        answer = client.post(f"/admin/bulk/wagtailcore/page/{act}/?{query}", {"chooser": "1"})
        assert answer.status_code in REFUSED
    assert len(ids(*HIDDEN)) == len(HIDDEN)
    assert Page.objects.filter(title="Zebra draft", live=False).exists()


@pytest.mark.parametrize("who", ["editor", "publisher", "admin_of_all"])
def test_who_works_on_all_pages_chooses_among_all(
    zebras: NodePage, who: str, request: pytest.FixtureRequest
) -> None:
    client = browser(request.getfixturevalue(who))
    found = client.get("/admin/choose-page/search/?q=zebra").text
    many = client.get(f"/admin/bulk/wagtailcore/page/delete/?id=all&childOf={zebras.pk}").text
    for title in ("Zebra draft", "Zebra private", "Zebra public"):
        assert title in found
        assert title in many


def test_everybody_chooses_among_what_is_published(zebras: NodePage, outsider: User) -> None:
    client = browser(outsider)
    (public,) = ids("Zebra public")
    assert "Zebra public" in client.get("/admin/choose-page/search/?q=zebra").text
    assert "Zebra public" in client.get(f"/admin/choose-page/{zebras.pk}/").text
    chosen = client.get(f"/admin/choose-page/chosen-multiple/?id={public}").json()
    assert [page["id"] for page in chosen["result"]] == [public]


@pytest.mark.parametrize("at", ["auth/user", "pages/funding", "members/biobank"])
def test_rows_are_listed_to_who_has_a_right_to_their_kind(
    zebras: NodePage, outsider: User, at: str
) -> None:
    User.objects.create_user("Zebra person")
    builders.biobank("Zebra biobank")
    answer = browser(outsider).get(f"/admin/bulk/{at}/delete/?id=all")
    assert answer.status_code in REFUSED
    assert "Zebra" not in answer.text


@pytest.mark.parametrize("query", ["", "id=", "id=x", "id=0", f"id={'9' * 40}", "id=all&childOf=x"])
def test_an_act_on_nothing_is_not_found(publishing: Client, zebras: NodePage, query: str) -> None:
    assert publishing.get(f"/admin/bulk/wagtailcore/page/delete/?{query}").status_code < 500


def test_a_chooser_offers_the_language_that_is_edited(home: NodePage, admin_of_all: User) -> None:
    """On the screen of a page, a new one, a translation or a snippet; elsewhere all languages."""
    dutch = builders.made_from(home)
    english = builders.person(home, "Zebra Peeters")
    in_dutch = english.aliases.get()
    menu = SiteIdentity.objects.create(locale=dutch.locale)
    editing = browser(admin_of_all)
    for screen in (
        f"pages/{dutch.pk}/edit/",
        f"pages/add/pages/standardpage/{dutch.pk}/",
        f"snippets/pages/siteidentity/edit/{menu.pk}/",
    ):
        at = {"referer": f"http://testserver/admin/{screen}"}
        choose = "/admin/choose-page/?page_type=pages.personpage"
        opened = editing.get(choose, headers=at, follow=True).text
        found = editing.get("/admin/choose-page/search/?q=zebra", headers=at).text
        assert re.findall(r'data-id=\\?"(\d+)', opened) == [str(in_dutch.pk)], (
            "with no tree to climb"
        )
        assert f"choose-page/{english.get_parent().pk}/" in opened, "the way to the others"
        assert re.findall(r'data-id="(\d+)"', found) == [str(in_dutch.pk)]
    told = editing.get("/admin/choose-page/?locale=nl", follow=True).text
    assert f"choose-page/{in_dutch.get_parent().pk}/" in told, "as the screen of a page asks"
    everywhere = editing.get("/admin/choose-page/search/?q=zebra").text
    assert len(re.findall(r'data-id="(\d+)"', everywhere)) == 2

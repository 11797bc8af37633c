"""A snippet's translation asks, act by act, for the right to do that to the snippet itself."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse, reverse_lazy
from wagtail.models import Locale
from wagtail_localize.models import StringSegment, Translation

from pages.models import Funding, NodePage
from pages.translating import drafts
from tests import builders
from tests.integration import four_languages as stage

LIST = reverse_lazy("wagtailsnippets_pages_funding:list")
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def funding(home: NodePage) -> Funding:
    stage.dutch()
    english = Locale.objects.get(language_code="en")
    return Funding.objects.create(project="ADOPT", sentence="The EU paid.", locale=english)


def who_may(*acts: str) -> Client:
    """A translator with these rights on funding records, and no other."""
    names = ["access_admin", "submit_translation", *(f"{act}_funding" for act in acts)]
    person = User.objects.create_user("-".join(["someone", *acts]))
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(person)
    return client


def begin(client: Client, funding: Funding) -> int:
    address = "wagtail_localize:submit_snippet_translation"
    at = reverse(address, args=["pages", "funding", funding.pk])
    return client.post(at, {"locales": [stage.dutch().pk]}).status_code


def edit_of(funding: Funding) -> str:
    return reverse("wagtailsnippets_pages_funding:edit", args=[funding.pk])


def live(translation: Translation) -> list[str]:
    return list(Funding.objects.filter(locale=stage.dutch()).values_list("sentence", flat=True))


@pytest.mark.parametrize("acts", [(), ("view",), ("add",), ("change",)])
def test_who_may_not_add_and_change_it_begins_none_and_sees_no_way_to(
    funding: Funding, acts: tuple[str, ...]
) -> None:
    client = who_may(*acts)
    assert begin(client, funding) == 403
    assert Funding.objects.count() == 1
    assert "/localize/submit/" not in client.get(LIST).text


def test_every_act_asks_for_the_right_to_change_the_snippet(
    funding: Funding, publisher: User
) -> None:
    translation = drafts.begin(funding, stage.dutch(), publisher)
    stage.translate(translation)
    before = live(translation)
    screen = edit_of(Funding.objects.get(locale=stage.dutch()))
    sync = reverse("wagtail_localize:update_translations", args=[translation.source.pk])
    stop = reverse("wagtail_localize:stop_translation", args=[translation.pk])
    segment = StringSegment.objects.order_by("order")[0]
    string = reverse("wagtail_localize:edit_string_translation", args=[translation.pk, segment.pk])
    for client, may in ((who_may("view", "add"), False), (who_may("view", "change"), True)):
        assert (sync in client.get(LIST).text) == may
        answers = [
            client.put(string, "value=Woord", content_type=FORM),
            client.post(sync, {"publish_translations": "on", "next": LIST}),
            client.post(screen, {"action": "publish"}),
            client.post(stop, {"next": LIST}),
        ]
        done = [
            one.status_code < 400 and one.headers.get("Location") != "/admin/" for one in answers
        ]
        assert done == [may] * 4
        assert (live(translation) == before) != may


def test_it_is_published_only_whole_and_a_name_is_ticked(
    funding: Funding, admin_of_all: User, client: Client
) -> None:
    client.force_login(admin_of_all)
    begin(client, funding)
    translation = Translation.objects.get()
    screen = edit_of(Funding.objects.get(locale=stage.dutch()))
    told = client.post(screen, {"action": "publish"}, follow=True).text
    assert "2 pieces are still open: Project, Sentence." in told
    project, sentence = StringSegment.objects.order_by("order")
    client.post(screen, {"action-same": project.pk})
    again = client.post(screen, {"action-same": project.pk}, follow=True)
    assert "is not open any more" in again.text, "as somebody hears who ticks what another did"
    asked = [translation.pk, sentence.pk]
    address = reverse("wagtail_localize:edit_string_translation", args=asked)
    client.put(address, "value=De EU betaalde.", content_type=FORM)
    assert "Every piece is translated." in client.get(screen).text
    assert live(translation) == ["The EU paid."]
    client.post(screen, {"action": "publish"})
    assert live(translation) == ["De EU betaalde."]


def test_what_shows_before_it_is_translated_is_marked_as_what_it_is(
    home: NodePage, funding: Funding, admin_of_all: User, client: Client
) -> None:
    stage.two_homes(home)
    translation = drafts.begin(funding, stage.dutch(), admin_of_all)
    assert '<p lang="en">The EU paid.</p>' in client.get("/nl/").text
    stage.translate(translation)
    assert '<p lang="en">The EU paid.</p>' in client.get("/nl/").text, "not published yet"
    client.force_login(admin_of_all)
    client.post(edit_of(Funding.objects.get(locale=stage.dutch())), {"action": "publish"})
    assert "<p>Nederlands 1</p>" in Client().get("/nl/").text


@pytest.mark.parametrize("at", ["", "results/", "chosen/{}/", "chosen-multiple/?id={}"])
def test_snippets_are_listed_for_who_works_with_them(funding: Funding, at: str) -> None:
    choosers = [f"/admin/snippets/choose/pages/funding/{at.format(funding.pk)}"]
    choosers += [reverse("wagtail_localize:snippets_api_listing", args=["pages", "funding"])]
    for client, may in ((who_may(), False), (who_may("view"), True)):
        for address in choosers:
            assert ("ADOPT" in client.get(address).text) == may
    builders.biobank("Zebra biobank")
    assert "Zebra" not in who_may("add").get("/admin/snippets/choose/members/biobank/").text

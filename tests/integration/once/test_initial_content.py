"""The first content: complete, loaded once, and never a hand on what an editor changed."""

import re

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings
from wagtail.models import Page, Site

from members.models import NetworkPage
from pages import initial_content
from pages.models import Funding, GoalsPage, NodePage, PersonPage, Shipped
from pages.releases import content
from pages.releases.digests import digest
from pages.releases.release import Release
from pages.releases.site import adopt
from tests import builders

LISTS = ["goals/", "people/", "networks/", "news/", "events/", "newsletter/issues/"]
TEXTS = ["privacy/", "cookies/", "accessibility/", "contact/"]
ADOPT = (
    "The website was co-funded within ADOPT BBMRI-ERIC, a project that has received funding from "
    "the European Union's Horizon 2020 research and innovation programme under grant agreement "
    "No 676550."
)


@pytest.fixture(autouse=True)
def empty_site(db: None) -> None:
    builders.clear_away()


@pytest.fixture
def loaded(empty_site: None) -> None:
    initial_content.load()


def test_every_public_address_answers(client: Client, loaded: None) -> None:
    for address in ["", *LISTS, *TEXTS]:
        assert client.get(f"/en/{address}").status_code == 200, address


def test_every_page_and_every_link_within_the_site_answers(client: Client, loaded: None) -> None:
    seen, waiting = set(), {page.url for page in Page.objects.live().filter(depth__gt=1)}
    while waiting:
        address = waiting.pop()
        seen.add(address)
        response = client.get(address)
        assert response.status_code == 200, address
        links = re.findall(r'href="(/en/[^"#?]*)', response.text)
        waiting |= set(links) - seen
    assert len(seen) > 20


def test_the_fixed_wording_is_word_for_word(client: Client, loaded: None) -> None:
    markup = client.get("/en/").text
    assert ">Belgium (Member)</p>" in markup
    assert ADOPT in markup.replace("&#x27;", "'")
    assert "https://www.linkedin.com/company/bbmri-eric" in markup


def test_the_node_has_its_networks_goals_and_people(client: Client, loaded: None) -> None:
    assert set(NetworkPage.objects.values_list("acronym", flat=True)) == {"BVT-BCR", "BWB", "CMI"}
    assert len(GoalsPage.objects.get().goals) == 5
    people = client.get("/en/people/").text
    assert people.index("Elke Smits") < people.index("Sofie Bekaert"), "a past role stands below"
    bekaert = PersonPage.objects.get(slug="sofie-bekaert")
    assert bekaert.past_roles
    assert not bekaert.current_roles


def test_loading_again_changes_nothing(loaded: None) -> None:
    person = PersonPage.objects.get(slug="elke-smits")
    person.title = "Changed by an editor"
    person.save_revision().publish()
    NetworkPage.objects.get(acronym="CMI").delete()
    before = list(Page.objects.values("pk", "title", "latest_revision_id", "last_published_at"))
    call_command("load_initial_content")
    assert (
        list(Page.objects.values("pk", "title", "latest_revision_id", "last_published_at"))
        == before
    )
    assert Funding.objects.exclude(grant_number="").count() == 1


def test_what_is_loaded_is_known_as_what_the_files_say(loaded: None) -> None:
    """Else each upgrade would take it for edited."""
    site = adopt(Release.read(), "this release", is_new=True)
    for file in site.release.files:
        made, shipped = site.find(file), Shipped.objects.get(name=file.name)
        assert made, file.name
        for name, said in file.fields.items():
            if content.is_list(file.model, name):
                now = content.items_now(made, name, site.address)
                assert [[*each] for each in now.items()] == shipped.pieces[name], file.name
            else:
                assert content.now(made, name, site.address) == digest(said), (file.name, name)


def test_a_slip_in_a_file_leaves_the_site_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise ValueError("a slip")

    before = list(Page.objects.values_list("pk", flat=True))
    monkeypatch.setattr(initial_content, "make_record", fail)
    with pytest.raises(ValueError, match="a slip"):
        initial_content.load()
    assert list(Page.objects.values_list("pk", flat=True)) == before
    assert not NodePage.objects.exists()


def test_the_site_record_follows_the_site_url(loaded: None, settings: Settings) -> None:
    settings.SITE_URL = "https://www.bbmri.example"
    call_command("load_initial_content")
    site = Site.objects.get()
    assert (site.hostname, site.port) == ("www.bbmri.example", 443)

"""A new release brings its facts to a site that runs, and leaves what somebody edited there."""

from pathlib import Path

import polib
import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail_localize.models import (
    OverridableSegment,
    SegmentOverride,
)

from newsletter.models import ConsentText, TopicLabel
from pages import initial_translations
from pages.blocks.home import FIRST_BANDS
from pages.models import (
    Funding,
    LegalPage,
    NodePage,
    Offer,
    Shipped,
    SiteIdentity,
    StandardPage,
)
from pages.releases import rows
from pages.releases.digests import digest
from tests import builders
from tests.admin_acts import signed_in
from tests.integration.releases import (
    FILES,
    Release,
    about,
    changed,
    decide,
    edit_dutch,
    edit_english,
    read,
    record_of_first,
)

DOOR = {"label": "About us", "text": "A node.", "page": "page:about"}


@pytest.fixture(scope="module")
def loaded(module_db: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """By the first release, which kept a record."""
    builders.clear_away()
    with pytest.MonkeyPatch.context() as patch:
        first = Release(tmp_path_factory.mktemp("first"))
        first.use(patch)
        first.bring()


@pytest.fixture
def release(db: None, loaded: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """The next one, which says the same so far."""
    following = Release(tmp_path)
    following.use(monkeypatch)
    return following


@pytest.fixture
def operator(client: Client, admin_of_all: User) -> Client:
    client.force_login(admin_of_all)
    return client


def test_a_link_leads_elsewhere_in_another_language_but_where_an_editor_chose(
    release: Release,
) -> None:
    laws = {"Old": "https://law.example/old", "New": "https://law.example/new"}
    for name, address in laws.items():
        said = f'<p><a href="{address}">{name} law</a></p>'
        release.files["about"]["body"].append({"type": "paragraph", "value": said})
        release.words[f'<a id="a1">{name} law</a>'] = f'<a id="a1">{name} in het Nederlands</a>'
    release.bring()
    assert 'href="https://law.example/new"' in read("/nl/about/")

    own = OverridableSegment.objects.get(data_json__contains="/old")
    SegmentOverride.objects.create(
        locale=about("nl").locale, context=own.context, data_json='"https://law.example/ours"'
    )
    release.links = {one: {"nl": f"{one}/nl"} for one in laws.values()}
    release.bring()
    dutch = read("/nl/about/")
    assert 'href="https://law.example/new/nl"' in dutch
    assert 'href="https://law.example/ours"' in dutch
    assert "/nl" not in read("/en/about/").partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize("is_older", [False, True], ids=["recorded", "older"])
def test_new_facts_are_brought_and_own_words_stay(
    release: Release, operator: Client, is_older: bool
) -> None:
    if is_older:  # it was loaded before sites kept a record
        Shipped.objects.all().delete()
        release.earlier = record_of_first()
    edit_english(operator, "<p>The node has three biobanks and us.</p>")
    edit_dutch(operator, "It grew.", "Het werd groot.")
    told = changed(release).bring()
    assert "Pages and records brought up to date: 1." in told
    assert "differ from this release: 2, to be decided at /admin/" in told
    english, dutch = read("/en/about/"), read("/nl/about/")
    for words in ("three biobanks and us", "It began in 2014.", "A node of networks."):
        assert words in english
    for words in ("drie biobanken", "Het begon in 2014.", "Het werd groot.", "van netwerken"):
        assert words in dutch
    assert "four biobanks" in str(Offer.objects.get(language="en").value)
    assert Offer.objects.get(language="nl").value == "Het is gegroeid."
    screen = operator.get(reverse("release_texts")).text
    for words in ("three biobanks and us", "has four", "Het werd groot.", "Het is gegroeid."):
        assert words in screen
    assert release.bring() == "Nothing changed.\n"


def test_what_is_taken_is_live_in_each_language_and_what_is_kept_stays(
    release: Release, operator: Client
) -> None:
    edit_english(operator, "<p>The node has three biobanks and us.</p>")
    edit_dutch(operator, "It grew.", "Het werd groot.")
    changed(release).bring()
    assert "Taken" in decide(operator, "take", Offer.objects.get(language="en"))
    assert "Kept" in decide(operator, "keep", Offer.objects.get(language="nl"))
    assert "four biobanks" in read("/en/about/")
    assert "vier biobanken" in read("/nl/about/")
    assert "Het werd groot." in read("/nl/about/")
    release.files["contact"]["title"] = "Write to us"
    release.bring()
    assert not Offer.objects.exists(), "what was kept is remembered"
    release.words["It grew."] = "Het is flink gegroeid."
    release.bring()
    assert Offer.objects.get().value == "Het is flink gegroeid."


def test_what_is_new_arrives_and_what_was_deleted_stays_so(release: Release) -> None:
    Page.objects.get(slug="contact", locale__language_code="en").delete()
    page = about()
    page.slug, page.title = "the-node", "The node itself"
    page.save_revision().publish()
    changed(release).files["about/history"] = {
        "type": "pages.StandardPage",
        "title": "History",
        "body": [{"type": "paragraph", "value": '<p>See <a href="page:about">us</a>.</p>'}],
    }
    release.files["joining"] = {"type": "pages.StandardPage", "order": 20, "title": "Joining"}
    release.files["contact/press"] = {"type": "pages.StandardPage", "title": "Press"}
    release.files["_identity"]["header_menu"] += [
        {"type": "link", "value": {"label": one, "page": f"page:{one.lower()}"}}
        for one in ("Joining", "Contact")
    ]
    more = {"History": "Geschiedenis", 'See <a id="a1">us</a>.': 'Zie <a id="a1">ons</a>.'}
    release.words |= more | {"Joining": "Aansluiten"}
    assert "New pages made: 2." in release.bring()
    assert "2014" in read("/en/the-node/"), "found where an editor moved it"
    history = Page.objects.get(slug="history", locale__language_code="nl")
    assert f'href="{history.get_parent().url}"' in read(history.url)
    assert "Geschiedenis" in read(history.url)
    for language in ("en", "nl"):
        home = Page.objects.get(depth=2, locale__language_code=language)
        second = home.get_children()[1]
        assert second.slug == "joining", "in the order of the files"
    gone = Page.objects.filter(slug__in=["contact", "press"], locale__language_code="en")
    assert not gone.exists()
    menus = {one.locale.language_code: one.header_menu for one in SiteIdentity.objects.all()}
    assert [link.value["label"] for link in menus["nl"]] == ["Over ons allen", "Aansluiten"]
    assert len(menus["en"]) == 2


def test_an_older_site_gets_the_pages_that_it_never_had_and_none_that_was_deleted(
    release: Release,
) -> None:
    Page.objects.get(slug="contact", locale__language_code="en").delete()
    Shipped.objects.all().delete()
    release.files["joining"] = {"type": "pages.StandardPage", "title": "Joining"}
    release.earlier = record_of_first() | {"pages/joining": {"title": [digest("Joining")]}}
    release.bring()
    english = Page.objects.filter(locale__language_code="en")
    assert english.filter(slug="joining").exists()
    assert not english.filter(slug="contact").exists()


def test_a_field_that_no_release_filled_is_brought_unless_an_editor_did(release: Release) -> None:
    home = NodePage.objects.get(locale__language_code="en")
    home.searches = "an editor's"
    home.save_revision().publish()
    release.files["home"] |= {"promise": "All biobanks", "searches": "blood"}
    release.files["home"]["bands"] = [
        {"type": "doors", "value": [DOOR]},
        {"type": "map", "value": {}},
    ]
    release.words |= {"All biobanks": "Alle biobanken", "blood": "bloed"}
    release.bring()
    home.refresh_from_db()
    assert (home.promise, home.searches) == ("All biobanks", "an editor's")
    assert Offer.objects.get(place="searches", language="en").value == "blood"
    assert [band.block_type for band in home.bands][:2] == ["doors", "map"]
    assert len(home.bands) == len(FIRST_BANDS) + 1, "those that stood there once stay once"
    dutch = NodePage.objects.get(locale__language_code="nl")
    assert dutch.promise == "Alle biobanken"
    assert dutch.bands[0].value[0]["label"] == "Over ons allen"


def test_what_a_page_of_ones_own_stands_in_the_way_of_is_told(release: Release) -> None:
    builders.text_page(about().get_parent(), "Joining")
    for name in ("joining", "history"):
        said = {"type": "pages.StandardPage", "title": name.title()}
        release.files[name] = said
    release.files["imprint"] = FILES["privacy"] | {"title": "Imprint"}  # one of its kind is there
    told = release.bring()
    assert "New pages made: 1." in told
    assert "stands in their way: joining, imprint." in told
    assert StandardPage.objects.filter(slug="joining", locale__language_code="en").count() == 1


def test_a_language_that_the_site_gets_has_the_whole_release(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(initial_translations, "LANGUAGES", ["nl", "fr"])
    release.write()
    words = {one: f"{said} (fr)" for one, said in release.words.items()}
    catalogue = polib.POFile()
    catalogue.extend(polib.POEntry(msgid=one, msgstr=said) for one, said in words.items())
    catalogue.save(str(release.folder / "fr.po"))
    release.start()
    assert "Het begon in 2013. (fr)" in read("/fr/about/")
    assert "Over ons allen (fr)" in read("/fr/about/")


def test_a_draft_is_neither_written_over_nor_published(release: Release, operator: Client) -> None:
    edit_english(operator, "<p>Half a sentence</p>", act="action-save")
    before = read("/en/about/")
    changed(release).bring()
    page = about()
    assert read("/en/about/") == before
    assert "2013" in read("/nl/about/")
    assert "Half a sentence" in str(page.get_latest_revision_as_object().body)
    assert Offer.objects.filter(language="en").count() == 3
    assert "into the draft" in decide(operator, "take", Offer.objects.get(place="summary"))
    assert read("/en/about/") == before
    draft = about().get_latest_revision_as_object()
    assert (draft.summary, "Half a sentence" in str(draft.body)) == ("A node of networks.", True)


def test_a_language_that_the_release_does_not_translate_waits_as_it_is(release: Release) -> None:
    del changed(release).words["It began in 2014."]
    release.bring()
    assert "2014" in read("/en/about/")
    dutch = read("/nl/about/")
    assert "2013" in dutch
    assert "2014" not in dutch
    assert about("nl").has_unpublished_changes


def test_words_that_were_mended_stay_where_the_sentence_under_them_changed(
    release: Release, operator: Client
) -> None:
    edit_dutch(operator, "It began in 2013.", "Wij begonnen in 2013.")
    changed(release).bring()
    assert "2014" in read("/en/about/")
    assert "Wij begonnen in 2013." in read("/nl/about/")
    assert "van netwerken" in read("/nl/about/")
    decide(operator, "take", Offer.objects.get())
    assert "Het begon in 2014." in read("/nl/about/")


def test_a_sentence_that_is_not_synchronised_yet_holds_no_facts_back(
    release: Release, operator: Client
) -> None:
    edit_english(operator, "<p>The node has three biobanks and us.</p>")
    changed(release).bring()
    assert "Het begon in 2014." in read("/nl/about/")
    assert "drie biobanken" in read("/nl/about/")


def test_roles_and_records_are_brought_by_their_facts(release: Release) -> None:
    release.files["people/ada-peeters"]["roles"] = [
        {"body": "office", "title": "Director", "has_ended": True},
        {"body": "board", "title": "President"},
    ]
    release.files["_funding/adopt"]["sentence"] = "The Union paid."
    release.files["_funding/more"] = {"project": "MORE", "sentence": "Others paid."}
    release.words |= {"President": "Voorzitster", "The Union paid.": "De Unie betaalde."}
    release.words |= {"MORE": "MEER", "Others paid.": "Anderen betaalden."}
    release.bring()
    dutch = read("/nl/people/ada-peeters/")
    assert "Voorzitster" in dutch
    release.files["people/ada-peeters"]["roles"][0] = {"body": "office", "title": "Director"}
    release.files["people/ada-peeters"]["roles"][0]["end"] = "2020-01-31"
    release.bring()
    assert "2020" in read("/nl/people/ada-peeters/")
    assert "De Unie betaalde." in dutch
    assert "Anderen betaalden." in dutch
    assert Funding.objects.count() == 4


def test_a_legal_text_is_taken_whole_and_its_former_one_stays_under_its_date(
    release: Release, operator: Client
) -> None:
    release.files["privacy"] |= {"dated": "2026-11-01", "summary": "New."}
    release.files["privacy"]["body"] = [{"type": "heading", "value": "We keep nothing"}]
    release.words |= {"We keep nothing": "Wij bewaren niets", "New.": "Nieuw."}
    release.bring()
    assert "We keep mails" in read("/en/privacy/"), "it speaks in the owner's name"
    offers = Offer.objects.filter(language="en")
    assert "decided meanwhile" in decide(operator, "take", offers[0]), "not without its date"
    decide(operator, "take", *offers)
    assert "We keep nothing" in read("/en/privacy/")
    assert "We keep mails" in read("/en/privacy/2026-01-01/")
    assert "Wij bewaren niets" in read("/nl/privacy/")
    assert LegalPage.objects.get(locale__language_code="nl").dated.isoformat() == "2026-11-01"


def test_what_the_page_refuses_is_offered_and_the_run_goes_on(release: Release) -> None:
    release.files["about"]["title"] = ""
    release.files["contact"]["title"] = "Write to us"
    release.words["Write to us"] = "Schrijf ons"
    assert "Pages and records brought up to date: 1." in release.bring()
    assert Offer.objects.get().place == "title"
    assert "Schrijf ons" in read("/nl/contact/")


def test_only_who_may_publish_a_page_decides(
    release: Release, client: Client, operator: Client
) -> None:
    edit_english(operator, "<p>The node has three biobanks and us.</p>")
    changed(release).bring()
    signed_in(client, about(), "change")
    refused = client.get(reverse("release_texts"), follow=True).text
    assert "do not have permission" in refused
    Group.objects.get(name="One language").delete()
    User.objects.get(username="one-language").delete()
    signed_in(client, about("nl").get_parent(), "change", "publish")
    assert "has four" not in client.get(reverse("release_texts")).text
    assert "not yours" in decide(client, "take", Offer.objects.get())
    assert "four biobanks" not in read("/en/about/")


def test_rows_are_brought_by_their_room_and_wordings_only_offered(
    release: Release, operator: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, texts = (rows.kinds[f"newsletter.{one}"] for one in ("topics", "consent_texts"))
    said = dict(names.release()) | {"events/en": "Meetings", "events/nl": "Bijeenkomsten"}
    TopicLabel.objects.filter(topic__slug="events", language="nl").update(name="Samen")
    kinds = {
        "newsletter.topics": _saying(names, said),
        "newsletter.consent_texts": _saying(texts, dict(texts.release()) | {"en": "I agree."}),
    }
    monkeypatch.setattr(rows, "kinds", rows.kinds | kinds)
    release.files["contact"]["title"] = "Write to us"
    assert "Rows brought up to date: 1." in release.bring()
    labels = TopicLabel.objects.filter(topic__slug="events")
    assert labels.get(language="en").name == "Meetings"
    assert labels.get(language="nl").name == "Samen"
    assert not ConsentText.objects.filter(text="I agree.").exists()
    screen = operator.get(reverse("release_texts")).text
    assert "Bijeenkomsten" in screen
    assert "I agree." in screen
    wording = Offer.objects.get(shipped__name="rows/newsletter.consent_texts")
    assert "Publish it on its own screen" in decide(operator, "take", wording)
    assert Offer.objects.filter(pk=wording.pk).exists()
    decide(operator, "take", Offer.objects.get(value="Bijeenkomsten"))
    assert labels.get(language="nl").name == "Bijeenkomsten"


def _saying(kind: rows.Kind, said: dict[str, str]) -> rows.Kind:
    return rows.Kind(kind.model, kind.permission, kind.screen, lambda: said, kind.now, kind.write)

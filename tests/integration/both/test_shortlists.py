"""What an address calls a collection: the same next year, and old names lead on."""

from http import HTTPStatus

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from members.models import Biobank, BiobanksPage, Collection, OldCollectionSlug
from pages.models import NodePage
from tests import builders
from tests.directory import (
    DirectoryServer,
    biobank_id,
    biobank_row,
    collection_id,
    collection_row,
    reply,
)
from tests.integration.directory_runs import run

SHORTLIST = "/en/biobanks/shortlist/"
TOLD = "bbmri-eric:ID:BE_7:collection:a"


@pytest.fixture
def bank(home: NodePage) -> Biobank:
    builders.finder(home)
    return builders.biobank("Bank")


def chosen(client: Client, *keys: str, place: str = SHORTLIST) -> list[str]:
    """The labels of what an address chooses."""
    response = client.get(place, {"c": keys})
    assert response.status_code == HTTPStatus.OK
    return [one.label for one in response.context["shortlist"].collections]


def test_a_collection_is_called_by_its_id_once_the_directory_told_it(
    client: Client, bank: Biobank
) -> None:
    row = builders.collection(bank, directory_id=TOLD, name="Sérum & plasma")
    assert row.key == "bank/serum-plasma"
    assert chosen(client, "bank/serum-plasma") == ["Sérum & plasma"]
    Collection.objects.update(source="directory")
    row.refresh_from_db()
    assert row.key == TOLD
    for keys in [(TOLD,), ("bank/serum-plasma",), (TOLD, "bank/serum-plasma")]:
        assert chosen(client, *keys) == ["Sérum & plasma"]
    found = client.get(SHORTLIST, {"c": "bank/serum-plasma"}).text
    assert f"?c={TOLD}" in found, "its links lead on by the lasting name"


def test_slugs_are_one_a_biobank(bank: Biobank) -> None:
    made = [builders.collection(bank, f"n{number}", name="All") for number in range(2)]
    made += [builders.collection(bank, "x", name="?")]
    other = builders.biobank("Other")
    made += [builders.collection(other, name="All")]
    assert [row.slug for row in made] == ["all", "all-2", "collection", "all"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Collection.objects.filter(pk=made[1].pk).update(slug="all")


@pytest.mark.parametrize("place", ["", "shortlist/", "bank/", "shortlist.csv", "shortlist/ask/"])
def test_numbers_of_before_lead_to_the_names(client: Client, bank: Biobank, place: str) -> None:
    row = builders.collection(bank, name="All")
    told = builders.collection(bank, "b", directory_id=TOLD, source="directory")
    hidden = builders.collection(bank, "hidden", is_hidden=True)
    address = f"/en/biobanks/{place}"
    response = client.get(f"{address}?city=Ghent&c={told.pk}&c=x&c={row.pk}&c={hidden.pk}")
    assert response.status_code == HTTPStatus.MOVED_PERMANENTLY
    new = f"{address}?city=Ghent&c={TOLD}&c=x&c=bank/all&c={hidden.pk}"
    assert response.headers["Location"] == new
    assert client.get(new).status_code == HTTPStatus.OK


def test_six_hundred_are_answered_and_cut(client: Client, bank: Biobank) -> None:
    ids = [f"bbmri-eric:ID:BE_AAAACVOEOZ2UYZSUAVNC:collection:n{number}" for number in range(60)]
    rows = [builders.collection(bank, directory_id=key, source="directory") for key in ids]
    numbers = [str(row.pk) for row in rows] + [str(10**8 + number) for number in range(540)]
    for place in (SHORTLIST, "/en/biobanks/", "/en/biobanks/bank/", f"{SHORTLIST}ask/"):
        response = client.get(f"{place}?{'&'.join(f'c={number}' for number in numbers)}")
        assert response.status_code == HTTPStatus.OK, "there is no room for their names"
        assert len(response.context["shortlist"].collections) == 50
        assert "holds 50 collections" in response.text


def test_an_address_that_a_biobank_gave_up_leads_on(client: Client, bank: Biobank) -> None:
    builders.collection(bank, name="All")
    bank.slug = "new"
    bank.save()
    assert chosen(client, "bank/all") == chosen(client, "new/all") == ["All"]
    assert chosen(client, "nowhere/all", "new/none", "bank/none") == []


def test_a_collection_that_moves_leads_on_from_where_it_was(
    client: Client, home: NodePage, directory: DirectoryServer
) -> None:
    builders.finder(home)
    banks = [biobank_row(1), biobank_row(2)]
    held = [collection_row(1, name="All"), collection_row(2, name="All")]
    directory.says(reply(banks, held))
    run()
    assert set(Collection.objects.values_list("biobank__slug", "slug")) == {
        ("biobank-1", "all"), ("biobank-2", "all"),
    }  # fmt: skip
    held[0]["biobank"] = {"id": biobank_id(2)}
    directory.says(reply(banks, held))
    run()
    moved = Collection.objects.get(directory_id=collection_id(1))
    assert (moved.biobank.slug, moved.slug) == ("biobank-2", "all-2")
    assert OldCollectionSlug.objects.get().collection == moved
    assert client.get(SHORTLIST, {"c": "biobank-1/all"}).context["shortlist"].keys == [moved.key]


def test_the_choice_is_seen_on_a_biobanks_page(client: Client, bank: Biobank) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    own = builders.collection(bank, name="Own")
    there = builders.collection(builders.biobank("Other"), name="There")
    text = client.get(f"/en/biobanks/bank/?c={own.key}&c={there.key}").text
    assert "Chosen collections: <b>2</b>" in " ".join(text.split())
    assert 'value="bank/own" checked' in text
    assert '<input type="hidden" name="c" value="other/there">' in text
    assert 'href="/fr/biobanks/bank/?c=bank%2Fown&amp;c=other%2Fthere"' in text
    plain = client.get("/en/biobanks/bank/").text
    assert '<section class="chosen no-print" aria-labelledby="chosen" hidden>' in plain

"""The shortlist, and the files of the list: true, valid, safe."""

import csv
from copy import deepcopy
from datetime import timedelta
from http import HTTPStatus
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import (
    Biobank,
    BiobanksPage,
    Collection,
)
from pages.formats import long_answers
from pages.models import NodePage
from tests import builders
from tests.integration.known_biobank import ID, address, known_biobank, shown


@pytest.fixture(scope="module")
def made(module_db: Path) -> Biobank:
    return known_biobank()


@pytest.fixture
def row(db: None, made: Biobank) -> Biobank:
    """A biobank of which everything is known."""
    return deepcopy(made)


# The shortlist


def test_a_shortlist_stands_in_its_address(client: Client, row: Biobank) -> None:
    whole = Collection.objects.get(name="All samples")
    text = shown(client, f"/en/biobanks/shortlist/?c={whole.key}&c=x&c=999999&c=-1&c={whole.key}")
    assert "1 collection<" in text.replace(" <", "<")
    assert "All samples" in text
    assert whole.directory_url in text
    assert "noindex" in text
    assert "shortlist.csv?c=" in text
    assert 'href="?">Take off' in text
    assert f'href="/en/biobanks/shortlist/ask/?c={whole.key}">Ask for these' in text
    assert not client.get(f"/en/biobanks/shortlist/?c={whole.key}").cookies


def test_an_empty_shortlist_leads_to_the_finder(client: Client, row: Biobank) -> None:
    for query in ["", "?c=", "?c=abc", "?c=999999999999999999999"]:
        assert "No collection is chosen" in shown(client, f"/en/biobanks/shortlist/{query}")


def test_more_than_fifty_are_cut_and_said(client: Client, row: Biobank) -> None:
    keys = [builders.collection(row, f"n{number}").key for number in range(51)]
    query = "&".join(f"c={key}" for key in keys)
    text = shown(client, f"/en/biobanks/shortlist/?{query}")
    assert "holds 50 collections" in text
    assert text.count('<th scope="row"') == 50
    assert "holds 50" not in shown(client, f"/en/biobanks/shortlist/?{query.rpartition('&')[0]}")


def test_collections_that_are_gone_take_no_room_on_a_shortlist(
    client: Client, row: Biobank
) -> None:
    gone = "&".join(f"c=bbmri-eric:none:{number}" for number in range(60))
    whole = Collection.objects.get(name="All samples")
    text = shown(client, f"/en/biobanks/shortlist/?{gone}&c={whole.key}")
    assert "All samples" in text
    assert "60 collections of this address are no longer listed here." in text


def test_hidden_and_withdrawn_collections_leave_a_shortlist(client: Client, row: Biobank) -> None:
    whole = Collection.objects.get(name="All samples")
    part = Collection.objects.exclude(pk=whole.pk).get()
    Collection.objects.filter(pk=whole.pk).update(withdrawn=timezone.localdate() - timedelta(1))
    Collection.objects.filter(pk=part.pk).update(is_hidden=True)
    query = f"?c={whole.key}&c={whole.key}&c={part.key}&c=900000"
    for path in ("/en/biobanks/shortlist/", "/en/biobanks/shortlist/ask/", "/en/biobanks/"):
        text = shown(client, f"{path}{query}")
        assert "All samples" not in text
        assert "3 collections of this address are no longer listed here." in text


def test_a_shortlist_is_a_file_too(client: Client, row: Biobank) -> None:
    whole = Collection.objects.get(name="All samples")
    rows = read(client.get(f"/en/biobanks/shortlist.csv?c={whole.key}").text)
    assert rows[0]["directory_id"] == whole.directory_id
    assert rows[0]["materials"] == "Tissue, frozen"


# The files


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def test_the_list_is_a_file_of_what_is_filtered(client: Client, row: Biobank) -> None:
    builders.biobank("Another", city="Mol")
    response = client.get("/en/biobanks.csv?city=Ghent")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    (one,) = read(response.text)
    assert (one["name"], one["city"], one["networks"]) == ("Biothèque <Nord>", "Ghent", "NN")
    assert one["page"].endswith(address(row))
    assert one["materials"] == "Tissue, frozen"
    found = client.get("/en/biobanks.json").json()["biobanks"]
    assert [one["name"] for one in found] == ["Another", "Biothèque <Nord>"]
    assert found[1]["directory_id"] == ID


def test_excel_in_belgium_opens_the_list_right(client: Client, row: Biobank) -> None:
    """A mark of UTF-8, semicolons, decimal commas, yes and no in the reader's language."""
    builders.translation_of(BiobanksPage.objects.get())
    Biobank.objects.update(latitude=50.5, longitude=4.5)
    response = client.get("/fr/biobanks.csv?format=excel")
    assert response.content.startswith(b"\xef\xbb\xbf")
    (one,) = csv.DictReader(StringIO(response.text.removeprefix("\ufeff")), delimiter=";")
    assert (one["name"], one["longitude"]) == ("Biothèque <Nord>", "4,5")
    assert (one["open_to_companies"], one["open_to_non_profit"]) == ("oui", "")
    assert one["description"] == "Tissue.\n\nAnd blood."
    (same,) = read(client.get("/fr/biobanks.csv").text)
    assert (same["open_to_companies"], same["longitude"]) == ("yes", "4.5")


def test_collections_are_rows_where_they_are_asked_for(client: Client, row: Biobank) -> None:
    part, whole = read(client.get("/en/biobanks.csv?show=collections&city=Ghent").text)
    assert (whole["collection"], whole["biobank"]) == ("All samples", row.name)
    assert (whole["diagnoses"], whole["materials"]) == ("ICD-10 C50: Breast", "Tissue, frozen")
    assert (whole["samples"], whole["fee_for"]) == ("12345", "Samples")
    assert part["part_of"] == whole["directory_id"]
    assert not read(client.get("/en/biobanks.csv?show=collections&q=zzzzz").text)


def test_the_json_has_everything_and_costs_the_same_for_many(client: Client, row: Biobank) -> None:
    (one,) = client.get("/en/biobanks.json").json()["biobanks"]
    assert (one["other_names"], one["introduction"]) == (["Old name"], "We keep it cold.")
    assert one["quality_marks"][0]["certificate_number"] == "7-QM"
    _part, whole = one["collections"]
    assert whole["codes"] == {"fee": ["samples"], "material": ["TISSUE_FROZEN"]}
    assert whole["diagnoses"] == [{"code": "urn:miriam:icd:C50", "label": "Breast"}]
    assert (whole["age_low"], whole["commercial_use"]) == (18, False)
    with CaptureQueriesContext(connection) as few:
        client.get("/en/biobanks.json")
    for number in range(5):
        builders.collection(builders.biobank(f"Bank {number}"), "one")
    client.get("/en/biobanks.json")
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/en/biobanks.json").json()["biobanks"]) == 6
    assert len(many) == len(few) <= 12


@pytest.mark.parametrize(
    "path",
    ["fr/biobanks.csv?format=excel&show=collections", "fr/biobanks.json", "catalogue.jsonld"],
)
def test_a_very_long_file_is_sent_while_it_is_made(
    client: Client, row: Biobank, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """And says the same, in the same language."""
    builders.translation_of(BiobanksPage.objects.get())
    whole = client.get(f"/{path}")
    monkeypatch.setattr(long_answers, "LARGEST_WHOLE", 10)
    sent = client.get(f"/{path}")
    assert isinstance(sent, StreamingHttpResponse)
    assert sent.getvalue() == whole.content
    assert client.head(f"/{path}").status_code == HTTPStatus.OK


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t=", " ="])
def test_no_cell_is_a_formula(client: Client, home: NodePage, sign: str) -> None:
    """Where a comma is a decimal sign, a spreadsheet begins a cell after a semicolon too."""
    builders.finder(home)
    host = f"{sign}HYPERLINK(1);{sign}HYPERLINK(2); east-west"
    builders.biobank("Bank", host=host, longitude=-4.5, latitude=50.5)
    (one,) = read(client.get("/en/biobanks.csv").text)
    assert one["host"] == f"'{sign}HYPERLINK(1);'{sign}HYPERLINK(2); east-west"
    assert one["longitude"] == "-4.5"


def test_without_a_finder_there_is_no_file(client: Client, home: NodePage) -> None:
    for path in ["/en/biobanks.csv", "/en/biobanks.json", "/catalogue.jsonld", "/fr/biobanks.csv"]:
        assert client.get(path).status_code == HTTPStatus.NOT_FOUND

"""A biobank's own page, the shortlist, the files of the list: true, linked, valid, safe."""

import csv
import re
from copy import deepcopy
from datetime import date, timedelta
from http import HTTPStatus
from io import StringIO
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.codes import TraitKind
from members.finder.catalogue import catalogue
from members.models import (
    Biobank,
    BiobankFact,
    BiobanksPage,
    Collection,
    FactKind,
    Membership,
    OtherName,
    QualityMark,
    Trait,
)
from pages.formats import long_answers
from pages.models import NodePage
from tests import builders
from tests.integration.once.test_structured_data import things
from tests.sitemaps import mapped
from visitors.cache import generation

ID = "bbmri-eric:ID:BE_1"


@pytest.fixture(scope="module")
def made(module_db: Path) -> Biobank:
    home = builders.home()
    page = builders.finder(home)
    page.asking = "<p>Write a letter.</p>"
    page.objecting = "<p>Ask at the reception.</p>"
    page.save_revision().publish()
    row = builders.biobank(
        "Biothèque <Nord>", acronym="BN", host="A hospital", city="Ghent", postcode="9000",
        directory_id=ID, source="directory", description="Tissue.\n\nAnd blood.",
        website="https://bn.example/", pid="21.T1/x", ror="https://ror.org/00xmkp704",
        open_to_companies=True, as_of=date(2026, 3, 3),
    )  # fmt: skip
    key = builders.network(home, "North", acronym="NN").translation_key
    Membership.objects.create(biobank=row, network=key, since=date(2015, 1, 1))
    OtherName.objects.create(biobank=row, name="Old name")
    QualityMark.objects.create(
        biobank=row, standard="ISO 20387", level="accredited", certificate_number="7-QM"
    )
    builders.fact(row, "introduction", "<p>We keep it cold.</p>", "en")
    builders.fact(row, "objection", "https://bn.example/no", "en")
    builders.fact(row, "notification", "BB190044")
    whole = builders.collection(
        row, "all", name="All samples", size=12345, donors_magnitude=3, age_low=18, age_unit="YEAR",
        diagnoses=[{"code": "urn:miriam:icd:C50", "label": "Breast"}], commercial_use=False,
        description="Many",
        access_description="On request", access_url="https://bn.example/access",
        website="https://bn.example/all",
    )  # fmt: skip
    builders.collection(row, "part", parent=whole)
    Trait.objects.create(
        biobank=row, collection=whole, kind=TraitKind.MATERIAL, code="TISSUE_FROZEN"
    )
    Trait.objects.create(biobank=row, collection=whole, kind=TraitKind.FEE, code="samples")
    return row


@pytest.fixture
def row(db: None, made: Biobank) -> Biobank:
    """A biobank of which everything is known."""
    return deepcopy(made)


def address(row: Biobank, language: str = "en") -> str:
    return f"/{language}/biobanks/{row.slug}/"


def shown(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == HTTPStatus.OK
    return re.sub(r"\s+", " ", response.text)


def test_a_biobank_says_all_that_is_known(client: Client, row: Biobank) -> None:
    text = shown(client, address(row))
    for words in [
        "Biothèque &lt;Nord&gt;</h1>", "A hospital", "9000 Ghent", "since 1 January 2015",
        "Old name",
        "<b>ISO 20387</b>, assessed by: An accredited body, certificate 7-QM", "We keep it cold.",
        "BB190044", "https://hdl.handle.net/21.T1/x", "https://ror.org/00xmkp704",
        "<p>And blood.</p>",
        f"https://directory.bbmri-eric.eu/ERIC/directory/#/biobank/{ID}",
        "3 March 2026", 'href="#objecting"', "part of All samples",
        f'<a href="{address(row)}all-samples/">All samples</a>',
        "12,345 samples", "1,000 to 10,000 donors", "Breast", "Tissue, frozen",
        "https://bn.example/no", "Write a letter.", "Choose collections of this biobank and ask",
        'formaction="/en/biobanks/shortlist/ask/"', "Website of this biobank",
        "Ask at the reception.",
        '<th scope="row" role="rowheader">', ">Collections of this biobank</caption>",
    ]:  # fmt: skip
        assert words in text, words


def test_what_is_not_known_is_said_or_left_out(client: Client, home: NodePage) -> None:
    builders.finder(home)
    text = shown(client, address(builders.biobank("Bare", candidate_id="bbmri-eric:ID:BE_X")))
    assert "We do not know of a page" in text
    assert "Works with companies" not in text
    assert "BE_X" not in text
    assert "Directory record" not in text
    assert "<table" not in text


def test_an_objection_page_in_another_language_is_better_than_none(
    client: Client, row: Biobank
) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    assert "https://bn.example/no" in shown(client, address(row, "fr"))
    assert "We keep it cold" not in shown(client, address(row, "fr"))


def test_words_of_the_directory_are_marked_as_english(client: Client, row: Biobank) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    assert '<span lang="en">Breast</span>' in shown(client, address(row, "fr"))


def test_a_part_of_what_is_hidden_is_counted_for_itself(client: Client, row: Biobank) -> None:
    assert catalogue().collections == 1
    Collection.objects.filter(name="All samples").update(is_hidden=True)
    generation.raise_it()
    assert catalogue().collections == 1
    assert [entry.collections for entry in catalogue().entries] == [1]
    assert "part of" not in shown(client, address(row))
    assert "isPartOf" not in client.get(address(row)).text
    assert "isPartOf" not in client.get("/catalogue.jsonld").text


def test_old_addresses_lead_to_the_new_one(client: Client, row: Biobank) -> None:
    old = address(row)
    row.slug = "new"
    row.save()
    response = client.get(old)
    assert response.status_code == HTTPStatus.MOVED_PERMANENTLY
    assert response.headers["Location"] == "/en/biobanks/new/"
    Biobank.objects.update(is_hidden=True)
    assert client.get(old).status_code == HTTPStatus.NOT_FOUND
    assert client.get("/en/biobanks/new/").status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    "slug", ["nowhere", "x" * 200, "shortlist/x", "..%2f", "a%20b", "%F0%9F%A7%AA"]
)
def test_an_address_that_is_none_is_not_found(client: Client, row: Biobank, slug: str) -> None:
    assert client.get(f"/en/biobanks/{slug}/").status_code == HTTPStatus.NOT_FOUND


def test_a_withdrawn_biobank_says_so(client: Client, row: Biobank) -> None:
    row.withdrawn = date(2026, 4, 1)
    row.save()
    text = shown(client, address(row))
    assert "has not listed this biobank since 1 April 2026" in text
    assert '<meta name="robots" content="noindex">' in text
    assert "<table" not in text
    assert row.slug not in mapped(client)


def test_a_biobank_is_known_by_one_address_in_each_language(client: Client, row: Biobank) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    text = shown(client, address(row))
    site = "http://127.0.0.1:8000"
    assert f'<link rel="canonical" href="{site}{address(row)}">' in text
    assert f'hreflang="fr" href="{site}{address(row, "fr")}"' in text
    assert f'<a href="{address(row, "fr")}" hreflang="fr"' in text
    assert '<a href="/en/biobanks/">Biobanks</a></li> <li aria-current="page">Bioth' in text
    assert "<title> Biothèque" in text or "<title>Biothèque" in text
    told = mapped(client)
    assert told.count(f"<loc>{site}{address(row)}</loc>") == 1
    assert f'hreflang="fr" href="{site}{address(row, "fr")}"' in told


def test_a_biobank_is_described_to_machines(client: Client, row: Biobank) -> None:
    found = things(client, address(row))
    organization, catalog = found["Organization"], found["DataCatalog"]
    assert organization["identifier"] == ID
    assert organization["memberOf"][0]["name"] == "North"
    assert len(catalog["dataset"]) == 2
    assert "part: a collection of Bioth" in client.get(address(row)).text
    assert "license" not in found["Dataset"]
    assert found["Dataset"]["includedInDataCatalog"]["@id"] == catalog["@id"]
    assert found["BreadcrumbList"]["itemListElement"][-1]["name"] == row.name


def many(row: Biobank, number: int) -> None:
    for one in range(number):
        part = builders.collection(
            row, f"more-{one}", name=f"Study {one:02}", size=10,
            diagnoses=[
                {"code": f"urn:miriam:icd:E{code}", "label": f"Label {code}"}
                for code in range(10, 50)
            ] if one == 12 else [],
        )  # fmt: skip
        Trait.objects.create(biobank=row, collection=part, kind=TraitKind.MATERIAL, code="DNA")


def test_many_collections_are_folded_and_none_lists_all_its_diseases(
    client: Client, row: Biobank
) -> None:
    few = shown(client, address(row))
    assert "more collections" not in few
    assert 'name="find"' not in few
    many(row, 58)
    text = shown(client, address(row))
    assert "60 collections" in text
    assert "at least 12,925 samples" in text, "the part is counted in its whole"
    first, folded = text[text.index("<table") :].split("48 more collections")
    assert first.count('name="c"') == 12
    assert folded.count('name="c"') == 48
    assert first.index("All samples</a>") < first.index("part of All") < first.index("Study 00</a>")
    assert "Label 12 and 37 more" in re.sub(r"<[^>]*>", "", folded).replace("  ", " ")
    assert "Label 13" not in text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("suikerziekte", ["Study 12"]), ("gezwel", ["All samples", "Study 05"]),
        ("E11", ["Study 12"]), ("label 40", ["Study 12"]),
        ("the study 07", ["Study 07"]), ("tissue frozen", ["All samples"]), ("xyzzy", []),
        ("<script>", []), ("suikerziekte xyzzy", []),
    ],
)  # fmt: skip
def test_collections_are_found_among_those_of_a_biobank(
    client: Client, row: Biobank, words: str, found: list[str]
) -> None:
    builders.concept("diabetes", "E10-E14", en="diabetes", nl="suikerziekte")
    builders.concept("growth", "C00-C97", en="study 05", nl="gezwel")
    many(row, 13)
    chosen = Collection.objects.get(name="Study 01").key
    text = shown(client, f"{address(row)}?{urlencode({'find': words, 'c': chosen})}")
    assert re.findall(r'<th scope="row" role="rowheader"> <a [^>]*>([^<]*)</a>', text) == found
    assert f"{len(found)} of 15 collections" in text
    assert f'<input type="hidden" name="c" value="{chosen}">' in text, "what is chosen stays so"
    assert "<script>" not in text


def test_a_page_costs_the_same_with_many_collections(client: Client, row: Biobank) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            shown(client, address(row))
        return len(queries)

    shown(client, address(row))
    few = cost()
    for number in range(20):
        one = builders.collection(row, f"more-{number}")
        Trait.objects.create(biobank=row, collection=one, kind=TraitKind.MATERIAL, code="DNA")
    shown(client, address(row))
    assert cost() == few <= 20


def card(client: Client, path: str) -> str:
    """What is told of an address where it is shared."""
    text = shown(client, path)
    (told,) = re.findall(r'<meta name="description" content="([^"]*)">', text)
    assert f'<meta property="og:description" content="{told}">' in text
    assert '<meta property="og:title" content="Bioth' in text
    return told


def test_a_biobank_has_a_card_in_each_language(client: Client, row: Biobank) -> None:
    builders.translation_of(BiobanksPage.objects.get())
    assert card(client, address(row)) == "We keep it cold."
    BiobankFact.objects.filter(kind=FactKind.INTRODUCTION).delete()
    assert card(client, address(row)) == "Tissue. And blood."
    assert card(client, address(row, "fr")) == (
        "Biothèque &lt;Nord&gt;, une biobanque à Gand. Elle compte 2 collections."
    )
    Biobank.objects.update(description="x" * 900)
    assert len(card(client, address(row))) == 200


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
    for address in ("/en/biobanks/shortlist/", "/en/biobanks/shortlist/ask/", "/en/biobanks/"):
        text = shown(client, f"{address}{query}")
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


# Around it


def test_networks_and_home_count_their_biobanks(client: Client, row: Biobank) -> None:
    home = shown(client, "/en/")
    assert '<b>1</b> <a href="/en/biobanks/"> biobank </a>' in home
    network = shown(client, "/en/networks/north/")
    assert f'<a href="{address(row)}">' in network
    assert "?network=north" in network
    Membership.objects.all().delete()
    builders.biobank("Another")
    assert "<b>2</b>" in shown(client, "/en/")
    assert address(row) not in shown(client, "/en/networks/north/")


def test_the_site_search_finds_biobanks(client: Client, row: Biobank) -> None:
    text = shown(client, "/en/search/?q=biotheque")
    assert "1 biobank for “biotheque”" in text
    assert f'href="{address(row)}"' in text
    assert "No results for" not in text
    assert "No results for" in shown(client, "/en/search/?q=zzzzz")

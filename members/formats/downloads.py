"""The list of biobanks as files: CSV and JSON of what is filtered, CSV of a shortlist."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from members.codes import TraitKind
from members.finder.catalogue import catalogue
from members.finder.entries import Entry
from members.finder.finding import Found, find
from members.finder.why import Told
from members.finder.wishes import wish_of
from members.formats.tables import (
    BIOBANK_COLUMNS,
    COLLECTION_COLUMNS,
    Row,
    biobank_rows,
    collection_row,
    collections_of,
    diagnosis_of,
    finder_address,
)
from members.models import Collection, OtherName, QualityMark
from members.shortlists import chosen_collections, renamed
from pages.formats.long_answers import long_answer, pieces, with_list
from pages.formats.reading import read_only
from pages.formats.spreadsheets import csv_lines

CHOSEN_COLUMNS = (
    "collection", "directory_id", "directory_record", "biobank", "page", "materials", "types",
    "samples", "donors",
)  # fmt: skip
MARK = ("standard", "level", "certificate_number")


@read_only
def biobanks_csv(request: HttpRequest) -> HttpResponseBase:
    """A row a biobank, or with `show=collections` a row a collection; `format=excel` for Excel."""
    found = _found(request)
    if found.wish.of_collections:
        return _csv(request, COLLECTION_COLUMNS, _collection_rows(found), "collections")
    rows = biobank_rows(found.entries, found.catalogue).values()
    return _csv(request, BIOBANK_COLUMNS, rows, "biobanks")


@read_only
def biobanks_json(request: HttpRequest) -> HttpResponseBase:
    """Everything that the site shows of what is filtered."""
    found = _found(request)
    data_date = found.catalogue.data_date
    document = {
        "language": get_language(),
        "directory_data_of": data_date and data_date.isoformat(),
    }
    return long_answer(with_list(document, "biobanks", _whole(found)), "application/json")


@read_only
def shortlist_csv(request: HttpRequest) -> HttpResponseBase:
    home = finder_address()
    if moved := renamed(request):
        return moved
    shortlist = chosen_collections(request.GET, Collection.objects.shown().with_traits())
    rows = (collection_row(one, one.biobank, home) for one in shortlist.collections)
    response = _csv(request, CHOSEN_COLUMNS, rows, "shortlist")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _found(request: HttpRequest) -> Found:
    """What the finder would show for the same query, all pages of it."""
    known = catalogue()
    return find(wish_of(request.GET, known), known)


def _collection_rows(found: Found) -> Iterator[Row]:
    """In the order of the list, and none that it leaves out."""
    home, listed = finder_address(), {part.pk for _entry, part in found.parts}
    for piece in pieces(found.entries):
        held = collections_of(piece)
        yield from (
            collection_row(one, entry, home)
            for entry in piece
            for one in held[entry.pk]
            if one.pk in listed
        )


def _whole(found: Found) -> Iterator[Row]:
    """Each biobank with its collections, which have their codes beside the reader's words.

    `matched`: the diseases asked for that a collection is about; none where it was not found.
    """
    entries, told = found.entries, Told(found)
    home, rows = finder_address(), biobank_rows(entries, found.catalogue)
    names, marks = _by_biobank(OtherName, "name"), _by_biobank(QualityMark, *MARK)
    for piece in pieces(entries):
        held = collections_of(piece)
        for entry in (one for one in piece if one.pk in rows):
            matched = told.matched(entry)
            yield rows[entry.pk] | {
                "collection_count": entry.collections,
                "introduction": entry.introduction,
                "other_names": [one["name"] for one in names[entry.pk]],
                "quality_marks": marks[entry.pk],
                "collections": [
                    _with_codes(one, entry, home) | {"matched": matched.get(one.pk)}
                    for one in held[entry.pk]
                ],
            }


def _with_codes(collection: Collection, entry: Entry, home: str) -> Row:
    codes: dict[str, list[str]] = defaultdict(list)
    for trait in collection.all_traits:
        codes[TraitKind(trait.kind).value].append(trait.code)
    diagnoses = map(diagnosis_of, collection.diagnoses)
    return collection_row(collection, entry, home) | {
        "codes": codes,
        "diagnoses": [{"code": code, "label": words} for code, words in diagnoses],
    }


def _by_biobank(model: type[OtherName | QualityMark], *fields: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in model.objects.order_by("pk").values("biobank", *fields):
        found[row.pop("biobank")].append(row)
    return found


def _csv(
    request: HttpRequest, columns: tuple[str, ...], rows: Iterable[Row], name: str
) -> HttpResponseBase:
    cells = ([row[column] for column in columns] for row in rows)
    lines = csv_lines(columns, cells, for_excel=request.GET.get("format") == "excel")
    response = long_answer(lines, "text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
